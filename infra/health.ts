// How the parts are, cheap enough to be asked every second.
import type { DeadLetters } from '../handlers/ports/dead-letters.ts'
import type { Database } from '../projections/database.ts'
import type { LogReader } from '../projections/log-reader.ts'
import type { ProjectionSet } from '../projections/projection-set.ts'
import type { Supervised } from './embedded/supervised-process.ts'

export interface HealthSources {
  readonly reader: LogReader
  readonly database: Database
  readonly projections: Pick<ProjectionSet, 'status'>
  readonly deadLetters: Pick<DeadLetters, 'count'>
  readonly children: readonly Supervised[]
  /** In plain words. */
  readonly durability: string
  /** How far the archive is, in words. @throws why it does not follow. Absent without an archive. */
  readonly archive?: (() => Promise<string>) | undefined
}

interface Part {
  readonly ok: boolean
  readonly detail?: string
}

const answerWithinMs = 2_000

export const createHealth =
  ({ reader, database, projections, deadLetters, children, archive, durability }: HealthSources) =>
  async (): Promise<{ readonly ready: boolean; readonly parts: Readonly<Record<string, Part>> }> => {
    const [log, answering, readModels, letters, archived] = await Promise.all([
      part(async () => `head ${(await reader.head()).sequence}`),
      part(async () => {
        await database.query('SELECT 1')
        return 'answers'
      }),
      part(async () => {
        const paused = (await projections.status()).filter(({ state }) => state === 'paused')
        if (paused.length > 0) throw new Error(`paused: ${paused.map(({ name }) => name).join(', ')}`)
        return 'running'
      }),
      part(async () => {
        const open = await deadLetters.count()
        if (open > 0) throw new Error(`${open} parked: casebook dead-letters list`)
        return 'none'
      }),
      archive === undefined ? null : part(archive),
    ])
    const servers = children.map((child): [string, Part] => {
      const restarts = child.restarts()
      return [child.name, { ok: child.pid() !== null, detail: `restarted ${restarts} times` }]
    })
    return {
      ready: log.ok && answering.ok,
      parts: {
        log,
        // Not under the name of the embedded server, whose own state follows.
        database: answering,
        projections: readModels,
        dead_letters: letters,
        ...(archived !== null && { archive: archived }),
        ...Object.fromEntries(servers),
        durability: { ok: true, detail: durability },
      },
    }
  }

const part = async (ask: () => Promise<string>): Promise<Part> => {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${answerWithinMs} ms`)), answerWithinMs).unref()
  })
  try {
    return { ok: true, detail: await Promise.race([ask(), late]) }
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) }
  }
}
