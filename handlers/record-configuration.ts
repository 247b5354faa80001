// Puts the configuration a process has loaded on the log, so that every version a session names can be read back.
import type { CommandBus } from '../commands/command.ts'
import { newCommandId } from '../commands/new-id.ts'
import { correlationId, orgId } from '../schemas/ids.ts'
import type { StoreText } from './store-text.ts'

export interface LoadedVersion {
  readonly hash: string
  readonly loadedAt: string
  /** Digest of every entry by `<section>/<name>`. */
  readonly entries: Readonly<Record<string, string>>
  /** Without secrets. */
  readonly content: string
}

/** One configuration serves every org: its stream is in the org everybody has. */
const everyOrg = orgId.parse('default')

/** @throws what the command bus throws. */
export const createRecordConfiguration =
  ({ bus, storeText }: { readonly bus: CommandBus; readonly storeText: StoreText }) =>
  async ({ hash, loadedAt, entries, content }: LoadedVersion): Promise<void> => {
    const id = newCommandId()
    await bus.send({
      type: 'RecordConfiguration',
      data: { hash, loadedAt, entries, content: await storeText(content, 'application/json') },
      metadata: {
        org: everyOrg,
        commandId: id,
        actor: { kind: 'handler', id: 'configuration' },
        at: loadedAt,
        correlationId: correlationId.parse(id),
        causationId: id,
      },
    })
  }
