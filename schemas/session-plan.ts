// What a session has pinned to do: stages and what each waits for, limits, and why a plan grows. Stored as events are.
import { z } from 'zod'
import { pinnedAgent } from './agent-definition.ts'
import { executionId, stageId } from './ids.ts'

/** When a stage of several agents has succeeded. */
export const successPolicy = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('any') }),
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('quorum'), count: z.int().positive() }),
])

export const plannedStage = z.object({
  stageId,
  name: z.string(),
  agents: z.array(z.object({ executionId, agent: pinnedAgent })).min(1),
  /** Stages that must have ended well before this one starts; absent means the one before it in the list. */
  dependsOn: z.array(stageId).optional(),
  /** Absent means `any`. */
  policy: successPolicy.optional(),
  /** Once the policy is decided, agents still at work are cancelled; else they are waited for. */
  earlyStop: z.boolean().optional(),
  /** Its failure does not fail the session; the stages after it go on without its findings. */
  optional: z.boolean().optional(),
  /** How often it is run again, whole, after it failed. */
  retries: z.int().nonnegative().optional(),
  /** It weighs the findings of the stage before it, and stands in for them from there on. */
  synthesis: z.boolean().optional(),
  /** What this stage is to do, beside the session's input. */
  task: z.string().optional(),
  /** Its verdict sends the work back to an earlier stage until it is satisfied or the cycles are used up. */
  loop: z.object({ backTo: stageId, maxCycles: z.int().positive(), until: z.string() }).optional(),
  /** The stage this one runs again, in another cycle or after a failure. */
  repeats: stageId.optional(),
  /** 1 for the first run; counted for the whole loop. */
  cycle: z.int().positive().optional(),
  /** 1 for the first run, 2 after one failure. */
  attempt: z.int().positive().optional(),
})
export type PlannedStage = Readonly<z.infer<typeof plannedStage>>

export const sessionLimits = z.object({
  modelAttempts: z.int().positive(),
  modelBackoffMs: z.int().nonnegative(),
  /** Stages a session may run in all, with every cycle, retry and addition: its hop budget. */
  maxStages: z.int().positive().optional(),
})
export type SessionLimits = Readonly<z.infer<typeof sessionLimits>>

/** Why a plan grew. */
export const extensionReason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('retry'), stageId, attempt: z.int().positive(), of: z.int().positive() }),
  z.object({ kind: z.literal('decomposition'), stageId, executionId, rationale: z.string() }),
  z.object({
    kind: z.literal('cycle'),
    stageId,
    cycle: z.int().positive(),
    of: z.int().positive(),
    verdict: z.string(),
  }),
])
export type ExtensionReason = Readonly<z.infer<typeof extensionReason>>
