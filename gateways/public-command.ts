// What any door does with a public command before it is sent: masked, claim-checked, and bound to its idempotency key.
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { bodyHash } from '../commands/body-hash.ts'
import type { CommandBus } from '../commands/command.ts'
import { IdempotencyConflict, InvalidCommand } from '../commands/command-errors.ts'
import { newCommandId, newSessionId, newTaskId } from '../commands/new-id.ts'
import { parsePublicCommand } from '../commands/parse-command.ts'
import type { RequestKeys } from '../commands/request-keys.ts'
import type { Rejection } from '../domain/decider.ts'
import { maskJson } from '../domain/masking/mask.ts'
import { questionsOf } from '../domain/session/chat.ts'
import type { StoreText } from '../handlers/store-text.ts'
import type { CommandMetadata, CommandOf, PublicCommand } from '../schemas/commands.ts'
import {
  type CommandId,
  commandId,
  type ExecutionId,
  executionId,
  type LogSequence,
  type OrgId,
} from '../schemas/ids.ts'
import { jsonValue } from '../schemas/json-value.ts'
import type { Overrides } from '../schemas/overrides.ts'
import { type AnswerChecks, argumentsNotFitting } from './check-answer.ts'

export interface PublicCommandDependencies extends AnswerChecks {
  readonly bus: CommandBus & AnswerChecks['bus']
  readonly requestKeys: RequestKeys
  readonly storeText: StoreText
  /** What names something that is not in the configuration; absent takes everything. */
  readonly overrideFaults?: ((overrides: Overrides) => readonly string[]) | undefined
}

export interface PublicCommandRequest {
  readonly name: string
  readonly input: unknown
  readonly org: OrgId
  readonly idempotencyKey?: string | undefined
  readonly metadata: (commandId: CommandId) => CommandMetadata
}

export const acceptedCommand = z.object({
  /** The session or task it is about. */
  id: z.string(),
  outcome: z.enum(['accepted', 'unchanged']),
  /** Of a question: who answers it. */
  executionId: executionId.optional(),
  version: z.int(),
  sequence: z.int(),
})
export type AcceptedCommand = Readonly<z.infer<typeof acceptedCommand>>

export type SentCommand =
  | { readonly kind: 'accepted'; readonly answer: AcceptedCommand }
  | { readonly kind: 'rejected'; readonly rejection: Rejection }

/**
 * `StartSession` and `ForkSession` without a `sessionId`, and `ScheduleTask` without a `taskId`, are given one: the same for the same key. A key that was answered is answered the
 * same again, whatever has happened since.
 * @throws UnknownCommand, InvalidCommand, IdempotencyConflict, and what the command bus throws.
 */
export const sendPublicCommand = async (
  deps: PublicCommandDependencies,
  { name, input, org, idempotencyKey, metadata }: PublicCommandRequest,
): Promise<SentCommand> => {
  const minted = name === 'ScheduleTask' ? newTaskId() : newSessionId()
  // Checked before anything is kept under the key: a body that can never pass must not use the key up.
  const checked = parsePublicCommand(name, withOwnId(name, input, minted), metadata(newCommandId()))
  if ('overrides' in checked.data && checked.data.overrides !== undefined) {
    const faults = deps.overrideFaults?.(checked.data.overrides) ?? []
    if (faults.length > 0) throw new InvalidCommand(name, faults)
  }
  if (idempotencyKey === undefined) {
    return decideOn(deps, name, withOwnId(name, input, minted), metadata(newCommandId()))
  }

  const hash = bodyHash(name, input)
  const key = `command:${idempotencyKey}`
  const reserved = await deps.requestKeys.reserve({ org, key, bodyHash: hash, mint: () => minted })
  if (reserved.kind === 'body_differs') throw new IdempotencyConflict(idempotencyKey)
  const kept = acceptedCommand.safeParse(reserved.answer)
  if (kept.success) return { kind: 'accepted', answer: kept.data }
  const chosen = { ...metadata(keyedCommandId(org, idempotencyKey)), bodyHash: hash }
  const sent = await decideOn(deps, name, withOwnId(name, input, reserved.id), chosen)
  if (sent.kind === 'accepted') deps.requestKeys.remember(org, key, sent.answer)
  return sent
}

const decideOn = async (
  deps: PublicCommandDependencies,
  name: string,
  data: unknown,
  metadata: CommandMetadata,
): Promise<SentCommand> => {
  // A tool is to be called with what a person approved: masked as the arguments of a model are, and no more.
  const safe = maskJson(jsonValue.parse(data), name === 'AnswerInput' ? { groups: ['secrets'] } : undefined)
  const command = parsePublicCommand(name, await claimChecked(safe, deps.storeText), metadata)
  if (command.type === 'StartSession' && command.data.origin.kind === 'child') {
    const { parentSessionId } = command.data.origin
    if ((await deps.bus.session(metadata.org, parentSessionId)).status === 'absent') {
      return { kind: 'rejected', rejection: { code: 'session_not_found', message: `No session ${parentSessionId}.` } }
    }
  }
  if (command.type === 'AnswerInput') {
    const rejection = secretTyped(data, safe) ?? (await argumentsNotFitting(deps, metadata.org, command.data))
    if (rejection !== null) return { kind: 'rejected', rejection }
  }
  const outcome = await deps.bus.send(command)
  if (outcome.kind === 'rejected') return { kind: 'rejected', rejection: outcome.rejection }
  const accepted = outcome.kind === 'accepted' || outcome.repeats === true
  const { version, sequence } = outcome
  return {
    kind: 'accepted',
    answer: {
      id: idOf(command),
      outcome: accepted ? 'accepted' : 'unchanged',
      ...(command.type === 'AskSession' && { executionId: await answererOf(deps, command, sequence) }),
      version,
      sequence,
    },
  }
}

const answererOf = async (
  { bus }: PublicCommandDependencies,
  { data, metadata }: Pick<CommandOf<'AskSession'>, 'data'> & { readonly metadata: CommandMetadata },
  sequence: LogSequence,
): Promise<ExecutionId | undefined> => {
  const state = await bus.session(metadata.org, data.sessionId, sequence)
  if (state.status === 'absent') return undefined
  return questionsOf(state).find(({ question }) => question.commandId === metadata.commandId)?.id
}

const idOf = ({ data }: CommandOf<PublicCommand>): string => {
  if ('taskId' in data) return data.taskId
  return 'personId' in data ? data.personId : data.sessionId
}

/** A server that asks would get the placeholder for what the person typed. */
const secretTyped = (typed: unknown, safe: unknown): Rejection | null => {
  const contentOf = (data: unknown) => typedContent.safeParse(data).data?.answer.content ?? {}
  const masked = contentOf(safe)
  const field = Object.entries(contentOf(typed)).find(([name, value]) => !isDeepStrictEqual(value, masked[name]))?.[0]
  if (field === undefined) return null
  const message = `The field "${field}" holds what looks like a secret. It would stand on the log, so it is not passed on: decline, and give it to the server another way.`
  return { code: 'answer_not_fitting', message }
}

const typedContent = z.looseObject({ answer: z.looseObject({ content: z.record(z.string(), z.unknown()) }) })

const keyedCommandId = (org: OrgId, key: string): CommandId =>
  commandId.parse(`key:${org}:${createHash('sha256').update(key).digest('hex')}`)

const ownIds = new Map([
  ['StartSession', 'sessionId'],
  ['ForkSession', 'sessionId'],
  ['ScheduleTask', 'taskId'],
])

const withOwnId = (name: string, input: unknown, id: string): unknown => {
  const field = ownIds.get(name)
  return field !== undefined && isObject(input) && !(field in input) ? { [field]: id, ...input } : input
}

const claimChecked = async (input: unknown, storeText: StoreText): Promise<unknown> => {
  if (!isObject(input) || !isObject(input['input'])) return input
  const { text, blob } = input['input']
  return typeof text === 'string' && blob === undefined ? { ...input, input: await storeText(text) } : input
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
