// What the configuration says about the queue, asked by org and chain.
import type { EventData } from '../../schemas/events.ts'
import type { Priority } from '../../schemas/priority.ts'
import type { QueueSettings } from '../../schemas/queue.ts'

/** Infinity where there is none. */
export const limitOfOrg = (settings: QueueSettings, org: string): number =>
  own(settings.orgs, org)?.max_sessions ?? settings.max_sessions_per_org ?? Number.POSITIVE_INFINITY

export const limitOfChain = (settings: QueueSettings, chain: string): number =>
  own(settings.chains, chain) ?? settings.max_sessions_per_chain ?? Number.POSITIVE_INFINITY

export const limitOfAll = ({ max_sessions }: QueueSettings): number => max_sessions ?? Number.POSITIVE_INFINITY

export const weightOf = (settings: QueueSettings, org: string): number => own(settings.orgs, org)?.weight ?? 1

/** Without a limit nobody waits, and nothing is counted. */
export const isLimited = (settings: QueueSettings, org: string, chain: string): boolean =>
  [limitOfAll(settings), limitOfOrg(settings, org), limitOfChain(settings, chain)].some(Number.isFinite)

export const hasLimits = (settings: QueueSettings): boolean =>
  [settings.max_sessions, settings.max_sessions_per_org, settings.max_sessions_per_chain].some(
    (limit) => limit !== undefined,
  ) ||
  Object.keys(settings.chains).length > 0 ||
  Object.values(settings.orgs).some(({ max_sessions }) => max_sessions !== undefined)

/** What was asked for, else what the alert asked for, else what its severity stands for. */
export const laneOf = (
  { priority, overrides, alert }: Pick<EventData<'session.started'>, 'priority' | 'overrides' | 'alert'>,
  settings: QueueSettings,
): Priority => {
  const asked = priority ?? overrides?.priority ?? alert?.priority
  return asked ?? (alert === undefined ? 'normal' : settings.severity[alert.severity])
}

/** A session that an agent started is a part of its parent's work: waiting for a place of its own, both could wait for ever. */
export const takesPlace = ({ origin }: Pick<EventData<'session.started'>, 'origin'>): boolean =>
  origin.kind !== 'child' || origin.executionId === undefined

/** Every object has a `constructor`; an org or chain of that name it has only when somebody wrote one. */
const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined
