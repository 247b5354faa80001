// How a session did as the run of an evaluation case. NOTE the event is stored as it stands here.
import { z } from 'zod'

export const evaluationTools = z.enum(['recorded', 'live'])

export const evaluationCheck = z.object({
  kind: z.enum(['status', 'expected', 'must_not', 'outcome', 'calls', 'must_not_call', 'cost', 'tokens']),
  /** As the case says it. */
  wanted: z.string().max(1_000),
  passed: z.boolean(),
  /** What was found instead; empty when there is nothing to say. */
  found: z.string().max(1_000),
})
export type EvaluationCheck = Readonly<z.infer<typeof evaluationCheck>>

export const evaluationReport = z.object({
  /** The case's id. */
  case: z.string().min(1).max(200),
  /** 1-based. */
  run: z.int().positive(),
  tools: evaluationTools,
  tags: z.array(z.string().min(1).max(100)).max(20),
  checks: z.array(evaluationCheck).min(1).max(100),
})

export const sessionEvaluationEventData = {
  /** Checked against a case after its end; may happen again, with other checks. */
  'session.evaluated': evaluationReport.extend({
    passed: z.boolean(),
    costMicros: z.int().nonnegative(),
    tokens: z.int().nonnegative(),
  }),
} as const
