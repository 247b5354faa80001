// How many sessions may be at work at once, who goes first, and where one that waits stands. Configuration and what a plan pins.
import { z } from 'zod'
import { configuredName } from './agent-settings.ts'
import { orgId } from './ids.ts'
import { priority } from './priority.ts'

const limit = z.int().min(1).max(5_000)

/** Of each severity of an alert. */
const laneOfSeverity = z.strictObject({
  critical: priority.default('critical'),
  high: priority.default('high'),
  warning: priority.default('normal'),
  info: priority.default('low'),
  low: priority.default('low'),
})

export const queueSettings = z.strictObject({
  /** Sessions at work at once, of all orgs. Each of the three limits is none when absent. */
  max_sessions: limit.optional(),
  max_sessions_per_org: limit.optional(),
  max_sessions_per_chain: limit.optional(),
  /** Their own limit, and their share of places: of two orgs that wait, the one with weight 2 gets twice as many. */
  orgs: z
    .record(
      orgId,
      z.strictObject({ max_sessions: limit.optional(), weight: z.number().positive().max(1_000).default(1) }),
    )
    .default({}),
  /** Limits of single chains. */
  chains: z.record(configuredName, limit).default({}),
  /** The lane of a session that an alert opened and nobody gave a priority. */
  severity: laneOfSeverity.default(laneOfSeverity.parse({})),
  /** A session that waited this long counts as one lane higher; twice as long, two. */
  aging_minutes: z.number().positive().max(10_080).default(15),
  /** Sessions that may wait; past it new ones are turned away (429) or held back on the log. */
  max_waiting: z.int().min(1).max(5_000).default(2_000),
})
export type QueueSettings = Readonly<z.infer<typeof queueSettings>>

/** Pinned in the plan of a session that waits for a place before it begins. */
export const plannedQueue = z.object({ lane: priority })

/** Pinned in a fork that does; its plan is its source's, so the chain whose places are counted is told here. */
export const forkedQueue = z.object({ ...plannedQueue.shape, chain: z.string() })
