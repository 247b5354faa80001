// Branded ids: a session id can never be passed where an alert id belongs, and each is parsed where it enters.
import { z } from 'zod'

const prefixed = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9A-Za-z_]{4,80}$`), `must look like ${prefix}_…`)

/** A tenant. It is a subject token, hence the narrow alphabet. */
export const orgId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1–63 of a-z, 0-9 and "-"')
  .brand<'OrgId'>()
export type OrgId = z.infer<typeof orgId>

/** `ses_` + ULID: sorts by the time the session was asked for. */
export const sessionId = prefixed('ses').brand<'SessionId'>()
export type SessionId = z.infer<typeof sessionId>

/** `alr_` + hash of the fingerprint: one alert stream per fingerprint and org, whoever sends it. */
export const alertId = prefixed('alr').brand<'AlertId'>()
export type AlertId = z.infer<typeof alertId>

/** `stg_<session ulid>_<nn>`: derived, so that a repeated plan names the same stages. */
export const stageId = prefixed('stg').brand<'StageId'>()
export type StageId = z.infer<typeof stageId>

/** `exe_<session ulid>_<stage>_<agent>`. */
export const executionId = prefixed('exe').brand<'ExecutionId'>()
export type ExecutionId = z.infer<typeof executionId>

/** `call_<execution>_<turn>_<index>`: also the idempotency key that travels to the tool. */
export const toolCallId = prefixed('call').brand<'ToolCallId'>()
export type ToolCallId = z.infer<typeof toolCallId>

/** `inp_<session ulid>_<n>`: something a person is asked. */
export const inputId = prefixed('inp').brand<'InputId'>()
export type InputId = z.infer<typeof inputId>

/** `tsk_` + ULID: sorts by the time the task was asked for. */
export const taskId = prefixed('tsk').brand<'TaskId'>()
export type TaskId = z.infer<typeof taskId>

/** `msg_<session ulid>_<n>`: a message to an agent. */
export const messageId = prefixed('msg').brand<'MessageId'>()
export type MessageId = z.infer<typeof messageId>

/** `per_` + random: the key that a person's texts are sealed with. It says nothing of the person. */
export const personId = z
  .string()
  .regex(/^per_[A-Za-z0-9_-]{22}$/, 'must look like per_…')
  .brand<'PersonId'>()
export type PersonId = z.infer<typeof personId>

/** Anything printable and short: it becomes `Nats-Msg-Id`, so no spaces or line ends. */
export const commandId = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1–200 printable characters without spaces')
  .brand<'CommandId'>()
export type CommandId = z.infer<typeof commandId>

export const correlationId = z.string().min(1).max(200).brand<'CorrelationId'>()
export type CorrelationId = z.infer<typeof correlationId>

/** Position of a commit in the log: the JetStream stream sequence, 1-based; 0 means "before the first". */
export const logSequence = z.int().nonnegative().brand<'LogSequence'>()
export type LogSequence = z.infer<typeof logSequence>

/** Number of an event in its own stream, 1-based; 0 means "no event yet". */
export const streamVersion = z.int().nonnegative().brand<'StreamVersion'>()
export type StreamVersion = z.infer<typeof streamVersion>

export const startOfLog = logSequence.parse(0)
export const emptyStream = streamVersion.parse(0)
