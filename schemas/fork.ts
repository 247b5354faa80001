// What makes a session a fork of another one: where it goes on from, and what is different from there on. Stored as events are.
import { z } from 'zod'
import { type SessionId, sessionId, toolCallId } from './ids.ts'
import { storedText } from './stored-text.ts'

/** `replay`: nothing outside is asked but the model; tools answer from what was recorded in the source. */
export const forkKind = z.enum(['fork', 'replay'])
export type ForkKind = z.infer<typeof forkKind>

/** The source's history up to and with event `at` (its version): shared, never copied. */
export const forkPoint = z.object({ sessionId, at: z.int().positive() })

/** Where the source's history was, and what it was: the chain's hash covers everything before. */
export const pinnedForkPoint = forkPoint.extend({
  /** Log sequence of the commit that holds event `at`. */
  sequence: z.int().positive(),
  /** Hash of that commit. */
  hash: z.string(),
})

/** A session that goes on from another one's history, or from that of one of its forks. */
export interface SharingFork {
  readonly id: SessionId
  readonly ended: boolean
}

export const forkChanges = z.strictObject({
  /** Only agents of the stage of this name; absent, of every stage that has not ended. */
  stage: z.string().min(1).max(200).optional(),
  /** Only agents of this name. */
  agent: z.string().min(1).max(200).optional(),
  model: z.strictObject({ provider: z.string().min(1).max(100), model: z.string().min(1).max(200) }).optional(),
  /** In place of the agents' own instructions, the third tier. */
  instructions: z.string().trim().min(1).max(20_000).optional(),
  /** Another agent of the plan, in the place of those. */
  useAgent: z.string().min(1).max(200).optional(),
  /** What the stage is to do. */
  task: z.string().trim().min(1).max(20_000).optional(),
  /** Answers in the place of those that tools gave, or were about to give. Calls by their ids in the source. */
  toolResults: z
    .array(
      z.strictObject({
        toolCallId,
        outcome: z.enum(['succeeded', 'tool_error', 'failed']).default('succeeded'),
        text: z.string().max(40_000),
      }),
    )
    .max(20)
    .optional(),
})
export type ForkChanges = Readonly<z.infer<typeof forkChanges>>

const count = z.int().nonnegative()

/** How a replay went beside what it replays. */
export const drift = z.object({
  /** Calls of tools that both made, that only the source made, that only the replay made. */
  calls: z.object({ same: count, missing: count, added: count }),
  /** Calls that the recording had no answer to, in words: the server, the tool and the arguments. */
  notRecorded: z.array(z.string()).max(50),
  turns: z.object({ source: count, replay: count }),
  status: z.object({ source: z.string(), replay: z.string() }),
  /** What the final analyses say of themselves; absent when they say nothing. */
  outcome: z.object({ source: z.string().optional(), replay: z.string().optional() }),
  /** From the fork point on. */
  tokens: z.object({ source: count, replay: count }),
  costMicros: z.object({ source: count, replay: count }),
  /** Its beginning. */
  finalAnalysis: z.object({ source: storedText.optional(), replay: storedText.optional() }),
})
export type Drift = Readonly<z.infer<typeof drift>>
