// Carries out rebuilds and verifications that anybody has asked for: claims one, fills it, and switches or compares.
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { logSequence } from '../schemas/ids.ts'
import { type AsOfBounds, finishAsOf } from './as-of.ts'
import { createBell } from './bell.ts'
import { CheckpointMoved, type RunBy, readCheckpoint, storeFailure } from './checkpoints.ts'
import { compareGenerations } from './compare-generations.ts'
import { BuildStopped, createFilling, type Filling, type FillOptions } from './fill-generation.ts'
import {
  type Build,
  type BuildSource,
  claimBuild,
  indexGeneration,
  readBuild,
  releaseClaim,
  removeGenerations,
  renewClaim,
  roleOf,
  type Verification,
} from './generations.ts'
import type { LogReader } from './log-reader.ts'
import { toJsonb } from './postgres-text.ts'
import type { Projection } from './projection.ts'
import { switchGeneration } from './switch-generation.ts'

export interface Builder {
  /** Something was asked for in this process; elsewhere it is noticed within half a second. */
  wake(): void
  /** Finishes the batches under way; others go on with them. */
  stop(): Promise<void>
}

export interface BuilderOptions extends FillOptions {
  readonly projections: readonly Projection[]
  /** Reads the log once as its archive holds it, for each build that asks for that; without it they are left to others. */
  readonly openArchived?: (() => LogReader) | undefined
  /** At most so many anywhere; others wait for their turn. */
  readonly atOnce: number
  readonly asOf: AsOfBounds
}

const lookMs = 500
const renewMs = 1_000
/** Who asks for one often asks for the next. */
const gatherMs = 100

export const startBuilder = (options: BuilderOptions): Builder => {
  const { database, projections, atOnce, openArchived, onProblem } = options
  const sources = sourcesOf(openArchived !== undefined)
  const owner = randomUUID()
  const stopping = new AbortController()
  const bell = createBell()
  const underWay = new Set<Promise<void>>()

  /** Begun together, they read the log once. */
  const claimAll = async (): Promise<void> => {
    const claims: Build[] = []
    for (;;) {
      const claimed = await claimBuild(database, projections, owner, atOnce, sources)
      if (claimed === null) break
      claims.push(claimed)
    }
    for (const claimed of claims) {
      const projection = projections.find(({ name }) => name === claimed.name)
      if (projection === undefined) continue
      const reader = claimed.source === 'archive' ? (openArchived?.() ?? options.reader) : options.reader
      const work = buildGeneration(projection, claimed, owner, { ...options, reader }, stopping.signal).finally(() => {
        underWay.delete(work)
        bell.ring()
      })
      underWay.add(work)
    }
  }

  const run = async (): Promise<void> => {
    let told = false
    while (!stopping.signal.aborted) {
      try {
        await claimAll()
        told = false
      } catch (error) {
        if (!told) onProblem('Rebuilds wait for Postgres.', error)
        told = true
      }
      await bell.rung(AbortSignal.any([stopping.signal, AbortSignal.timeout(lookMs)]))
      await delay(gatherMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
    await Promise.all(underWay)
  }
  const running = run()

  return {
    wake: bell.ring,
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

const titleOf = ({ kind, name, target }: Build): string =>
  kind === 'as_of' ? `The filling of ${name} as of ${target}` : `The ${kind} of ${name}`

/** What one can fill generations from. */
export const sourcesOf = (archived: boolean): readonly BuildSource[] => (archived ? ['log', 'archive'] : ['log'])

/** Until it is done, paused, cancelled, or claimed by another. Never throws. */
const buildGeneration = async (
  projection: Projection,
  claimed: Build,
  owner: string,
  options: BuilderOptions,
  stopping: AbortSignal,
): Promise<void> => {
  const { database, onProblem } = options
  const of: RunBy = { name: claimed.name, generation: claimed.generation, role: roleOf(claimed) }
  const title = titleOf(claimed)
  const lost = new AbortController()
  const signal = AbortSignal.any([stopping, lost.signal])
  const filling = createFilling(projection, roleOf(claimed), options, signal)
  let asked = false
  const renewing = setInterval(() => {
    // It waits for the batch under way, and another one behind it would only take one more connection.
    if (asked) return
    asked = true
    renewClaim(database, of, owner, filling.pace())
      .then(
        (ours) => !ours && lost.abort(),
        () => undefined,
      )
      .finally(() => {
        asked = false
      })
  }, renewMs)
  try {
    for (let failures = 0; !signal.aborted; ) {
      try {
        if (await step(projection, of, filling, options, signal)) return
        failures++
      } catch (error) {
        if (signal.aborted) break
        if (error instanceof BuildStopped) {
          onProblem(`${title} pauses at ${error.failure.sequence}: ${error.message}`, error)
          await storeFailure(database, of, filling.position(), error.failure)
          return
        }
        if (error instanceof CheckpointMoved && error.refusal === 'not_ours') return
        if (!(error instanceof CheckpointMoved) && failures === 0) onProblem(`${title} starts again.`, error)
        failures++
      }
      await delay(Math.min(2_000, 50 * 2 ** Math.min(failures, 6)), undefined, { signal }).catch(() => undefined)
    }
  } catch (error) {
    onProblem(`${title} is left for another try.`, error)
  } finally {
    clearInterval(renewing)
    await releaseClaim(database, of, owner).catch(() => undefined)
  }
}

/** From where it stands to the end of the log, and over. @returns false when it is to be tried again. */
const step = async (
  projection: Projection,
  of: RunBy,
  filling: Filling,
  { database, reader, asOf }: BuilderOptions,
  signal: AbortSignal,
): Promise<boolean> => {
  const stored = await readBuild(database, of)
  // The answer to the commit of a switch may have been lost: then it is done, and no build any more.
  if (stored === null || stored.state === 'paused') return true
  filling.standAt(stored.position, stored.generation)
  const { epoch } = await reader.head()
  const ownEpoch = stored.epoch === '' ? epoch : stored.epoch
  if (of.role === 'shadow') {
    // Never beyond what serves, or there would be no position to compare them at.
    const live = await readCheckpoint(database, projection)
    await filling.to(live.position, ownEpoch, signal)
    const report = await compareGenerations(database, projection, of.generation, ownEpoch, filling, signal)
    if (report !== null) await storeReport(database, projection, report)
    return report !== null
  }
  if (stored.target !== null) {
    await filling.to(logSequence.parse(stored.target), ownEpoch, signal)
    await indexGeneration(database, projection, of.generation)
    await finishAsOf(database, of, asOf)
    return true
  }
  await catchUp(filling, reader, ownEpoch, signal)
  await indexGeneration(database, projection, of.generation)
  await catchUp(filling, reader, ownEpoch, signal)
  return switchGeneration(database, projection, of, ownEpoch, filling, signal)
}

/** Messages that may come while the last ones are read. */
const nearEnough = 200

const catchUp = async (
  filling: Filling,
  reader: BuilderOptions['reader'],
  epoch: string,
  signal: AbortSignal,
): Promise<void> => {
  for (;;) {
    const { sequence } = await reader.head()
    await filling.to(logSequence.parse(sequence), epoch, signal)
    if ((await reader.head()).sequence - filling.position() <= nearEnough) return
  }
}

/** The shadow goes with it. */
const storeReport = (
  database: BuilderOptions['database'],
  { name, version }: Projection,
  report: Verification,
): Promise<void> =>
  database.transaction(async (sql) => {
    const removed = await removeGenerations(sql, name, ['shadow'])
    // Cancelled meanwhile.
    if (!removed.includes(report.generation)) return
    await removeGenerations(sql, name, ['report'])
    await sql.query(
      `INSERT INTO casebook.projection (name, version, generation, role, position, state, report)
       VALUES ($1, $2, $3, 'report', $4, 'stopped', $5)`,
      [name, version, report.generation, report.position, toJsonb(report)],
    )
  })
