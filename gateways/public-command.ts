// What any door does with a public command before it is sent: masked, claim-checked, and bound to its idempotency key.
import { createHash } from 'node:crypto'
import { bodyHash } from '../commands/body-hash.ts'
import type { CommandBus, CommandOutcome } from '../commands/command.ts'
import { IdempotencyConflict } from '../commands/command-errors.ts'
import { newCommandId, newSessionId } from '../commands/new-id.ts'
import { parsePublicCommand } from '../commands/parse-command.ts'
import { maskJson } from '../domain/masking/mask.ts'
import type { StoreText } from '../handlers/store-text.ts'
import type { CommandMetadata } from '../schemas/commands.ts'
import { type CommandId, commandId, type OrgId } from '../schemas/ids.ts'
import { jsonValue } from '../schemas/json-value.ts'
import type { RequestKeys } from './request-keys.ts'

export interface PublicCommandDependencies {
  readonly bus: CommandBus
  readonly requestKeys: RequestKeys
  readonly storeText: StoreText
}

export interface PublicCommandRequest {
  readonly name: string
  readonly input: unknown
  readonly org: OrgId
  readonly idempotencyKey?: string | undefined
  readonly metadata: (commandId: CommandId) => CommandMetadata
}

export interface SentCommand {
  /** The session it is about. */
  readonly id: string
  readonly outcome: CommandOutcome
}

/**
 * `StartSession` without a `sessionId` is given one: the same for the same key.
 * @throws UnknownCommand, InvalidCommand, IdempotencyConflict, and what the command bus throws.
 */
export const sendPublicCommand = async (
  { bus, requestKeys, storeText }: PublicCommandDependencies,
  { name, input, org, idempotencyKey, metadata }: PublicCommandRequest,
): Promise<SentCommand> => {
  const minted = newSessionId()
  // Checked before anything is kept under the key: a body that can never pass must not use the key up.
  parsePublicCommand(name, withSessionId(name, input, minted), metadata(newCommandId()))

  let sessionId: string = minted
  let id = newCommandId()
  if (idempotencyKey !== undefined) {
    const reserved = await requestKeys.reserve({
      org,
      key: `command:${idempotencyKey}`,
      bodyHash: bodyHash(name, input),
      mint: () => minted,
    })
    if (reserved.kind === 'body_differs') throw new IdempotencyConflict(idempotencyKey)
    sessionId = reserved.id
    id = keyedCommandId(org, idempotencyKey)
  }
  const safe = maskJson(jsonValue.parse(withSessionId(name, input, sessionId)))
  const chosen = idempotencyKey === undefined ? {} : { bodyHash: bodyHash(name, input) }
  const command = parsePublicCommand(name, await claimChecked(safe, storeText), { ...metadata(id), ...chosen })
  return { id: command.data.sessionId, outcome: await bus.send(command) }
}

const keyedCommandId = (org: OrgId, key: string): CommandId =>
  commandId.parse(`key:${org}:${createHash('sha256').update(key).digest('hex')}`)

const withSessionId = (name: string, input: unknown, sessionId: string): unknown =>
  name === 'StartSession' && isObject(input) && !('sessionId' in input) ? { sessionId, ...input } : input

const claimChecked = async (input: unknown, storeText: StoreText): Promise<unknown> => {
  if (!isObject(input) || !isObject(input['input'])) return input
  const { text, blob } = input['input']
  return typeof text === 'string' && blob === undefined ? { ...input, input: await storeText(text) } : input
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
