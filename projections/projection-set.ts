// All projections as one thing: started, asked how they are, rebuilt, and waited for.
import { setTimeout as delay } from 'node:timers/promises'
import type { LogSequence } from '../schemas/ids.ts'
import { projections as catalogue } from './catalogue.ts'
import { type Checkpoint, clearFailure, readCheckpoint, readCheckpoints } from './checkpoints.ts'
import type { Database } from './database.ts'
import type { LogReader } from './log-reader.ts'
import type { Projection } from './projection.ts'
import { schemaOf } from './projection.ts'
import { LogBehindCheckpoint, LogRecreated, ProjectionBehind, UnknownProjection } from './projection-errors.ts'
import { type ProjectionRunner, runProjection } from './run-projection.ts'

export interface ProjectionStatus extends Checkpoint {
  readonly head: LogSequence
  /** Log messages not yet seen. */
  readonly lag: number
}

export interface ProjectionSet {
  status(): Promise<readonly ProjectionStatus[]>
  /** Empties the projection and lets it fill again from the log's beginning. @throws UnknownProjection. */
  rebuild(name: string): Promise<void>
  /** @returns false when it was not paused. @throws UnknownProjection. */
  resume(name: string): Promise<boolean>
  /** Resolves when the projection has seen the sequence. @throws ProjectionBehind (retryable) after the time-out. */
  waitFor(name: string, sequence: number, timeoutMs: number): Promise<void>
  stop(): Promise<void>
}

export interface ProjectionSetOptions {
  readonly database: Database
  readonly reader: LogReader
  /** False in a process that only serves reads. */
  readonly run: boolean
  readonly projections?: readonly Projection[]
  readonly maxBatch?: number
  readonly onProblem?: (message: string, error: unknown) => void
}

/** @throws LogRecreated, LogBehindCheckpoint: a read model must never count on over another log. */
export const startProjections = async (options: ProjectionSetOptions): Promise<ProjectionSet> => {
  const { database, reader, projections = catalogue } = options
  const head = await reader.head()
  for (const { name, position, epoch } of await readCheckpoints(database)) {
    if (epoch !== '' && epoch !== head.epoch) throw new LogRecreated(name, epoch, head.epoch)
    if (position > head.sequence) throw new LogBehindCheckpoint(name, position, head.sequence)
  }
  const runners: readonly ProjectionRunner[] = options.run
    ? projections.map((projection) => runProjection(projection, { ...options, epoch: head.epoch }))
    : []

  const find = (name: string): Projection => {
    const found = projections.find((projection) => projection.name === name)
    if (found === undefined)
      throw new UnknownProjection(
        name,
        projections.map((projection) => projection.name),
      )
    return found
  }

  return {
    status: async () => {
      const [checkpoints, { sequence }] = await Promise.all([readCheckpoints(database), reader.head()])
      return checkpoints.map((checkpoint) => ({
        ...checkpoint,
        head: sequence,
        lag: Math.max(0, sequence - checkpoint.position),
      }))
    },
    rebuild: (name) => {
      const projection = find(name)
      return database.transaction(async (sql) => {
        // Tables first, as a batch does: in the other order the two would wait for each other.
        // A batch under way either lands before the reset or fails its compare-and-set after it.
        const tables = projection.tableNames.map((table) => `${schemaOf(projection)}.${table}`)
        await sql.query(`TRUNCATE ${tables.join(', ')}`)
        await sql.query(
          `UPDATE casebook.projection SET position = 0, epoch = '', state = 'starting', failure = NULL, updated_at = now()
           WHERE name = $1 AND version = $2`,
          [name, projection.version],
        )
      })
    },
    resume: (name) => {
      find(name)
      return clearFailure(database, name)
    },
    waitFor: async (name, sequence, timeoutMs) => {
      const projection = find(name)
      const runner = runners.find((each) => each.projection.name === name)
      const reached = runner === undefined ? waitInTable : waitOnRunner(runner)
      await reached(projection, sequence, timeoutMs)
    },
    stop: async () => {
      await Promise.all(runners.map((runner) => runner.stop()))
    },
  }

  async function waitInTable(projection: Projection, sequence: number, timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs
    for (;;) {
      const { position } = await readCheckpoint(database, projection)
      if (position >= sequence) return
      if (performance.now() > deadline) throw new ProjectionBehind(projection.name, sequence, position)
      await delay(25)
    }
  }
}

const waitOnRunner =
  (runner: ProjectionRunner) =>
  (projection: Projection, sequence: number, timeoutMs: number): Promise<void> =>
    new Promise((resolve, reject) => {
      if (runner.position() >= sequence) return resolve()
      const timer = setTimeout(() => {
        stop()
        reject(new ProjectionBehind(projection.name, sequence, runner.position()))
      }, timeoutMs)
      const stop = runner.onMoved((position) => {
        if (position < sequence) return
        clearTimeout(timer)
        stop()
        resolve()
      })
    })
