// Projections run over a log that is an array, and asked how they are: what tests of runners share.
import {
  type ProjectionSet,
  type ProjectionSetOptions,
  type ProjectionStatus,
  startProjections,
} from '../../projections/projection-set.ts'
import { eventually } from '../support/eventually.ts'
import { type createHistory, other, sessionStream, startedOnly } from '../support/histories.ts'
import { isHeld } from './generation-probes.ts'

/** Ten rebuilds, two at a time, on a machine that does much else. */
export const patient = { withinMs: 120_000 }

/** One session a commit. */
export const commits = (history: ReturnType<typeof createHistory>, count: number) =>
  Array.from({ length: count }, () => {
    const id = `ses_${String(history.entries.length + 1).padStart(6, '0')}`
    return history.commit(sessionStream(id, other), startedOnly(id, id))
  })

export const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1)

/** What the work leaves held up is let go once the set is stopping: the batch under way is the last one then. */
export const running = async (
  options: Omit<ProjectionSetOptions, 'run'>,
  work: (set: ProjectionSet) => Promise<void>,
) => {
  const set = await startProjections({ ...options, run: true })
  try {
    await work(set)
  } finally {
    const stopping = set.stop()
    for (const each of (options.projections ?? []).filter(isHeld)) each.holdAfter = null
    await stopping
  }
}

export const statusOf = async (set: ProjectionSet, name: string): Promise<ProjectionStatus> => {
  const found = (await set.status()).find((each) => each.name === name)
  if (found === undefined) throw new Error(`no status of ${name}`)
  return found
}

export const paused = (set: ProjectionSet, name: string) =>
  eventually(async () => {
    const status = await statusOf(set, name)
    return status.state === 'paused' && status
  }, patient)

/** Asks for a rebuild, and resolves when it serves. */
export const rebuilt = async (set: ProjectionSet, name: string): Promise<number> => {
  const generation = await set.rebuild(name)
  await eventually(async () => (await statusOf(set, name)).generation === generation, patient)
  return generation
}
