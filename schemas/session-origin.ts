// Where a session comes from.
import { z } from 'zod'
import { forkKind } from './fork.ts'
import { alertId, executionId, sessionId, taskId, toolCallId } from './ids.ts'

export const childRelation = z.enum(['sub_task', 'follow_up'])

export const sessionOrigin = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('alert'), alertId }),
  z.object({ kind: z.literal('request') }),
  z.object({ kind: z.literal('task'), taskId, run: z.int().positive() }),
  z.object({
    kind: z.literal('child'),
    parentSessionId: sessionId,
    /** A sub-task is cancelled with its parent. */
    relation: childRelation,
    why: z.string().max(2000),
    /** Sessions above it. */
    depth: z.int().positive().optional(),
    /** The agent that asked, and by which call; absent when a person did. */
    executionId: executionId.optional(),
    toolCallId: toolCallId.optional(),
    /** The alert that the line of sessions began with. */
    alertId: alertId.optional(),
  }),
  /** Of a session that goes on from another one's history. No such origin is ever asked for: it follows from the fork. */
  z.object({ kind: forkKind, sessionId, at: z.int().positive() }),
])

/** What somebody outside may say of it: for an alert, a task and an agent's call their handlers vouch. */
export const askedOrigin = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('request') }),
    z.strictObject({
      kind: z.literal('child'),
      parentSessionId: sessionId,
      relation: childRelation,
      why: z.string().max(2000),
    }),
  ],
  { error: 'must be "request", or "child" of a parent session' },
)
