// An evaluation case as people write it: what a session is to look into, and what has to come of it.
import { z } from 'zod'
import { conclusionOutcome } from './conclusion.ts'
import { evaluationTools } from './evaluation.ts'
import { sessionId } from './ids.ts'

/** A text is looked for in any letter case; between slashes it is a regular expression, such as `/128 ?Mi/i`. */
const sought = z
  .string()
  .trim()
  .min(1)
  .max(900)
  .refine((text) => patternOf(text) !== 'broken', 'is no regular expression')

/** @returns null for a plain text. */
export const patternOf = (text: string): RegExp | 'broken' | null => {
  const [, source, flags] = /^\/(.+)\/([imsu]*)$/s.exec(text) ?? []
  if (source === undefined) return null
  try {
    return new RegExp(source, flags)
  } catch {
    return 'broken'
  }
}

const soughtList = z.array(sought).max(30).default([])
/** Such as `kubernetes/pods_log`. */
const toolList = z
  .array(z.string().regex(/^[^/]+\/[^/]+$/, 'must be <server>/<tool>'))
  .max(15)
  .default([])

export const evaluationCase = z
  .strictObject({
    id: z.string().regex(/^[\w.-]{1,200}$/, 'may have letters, digits, _, - and .'),
    /** The session whose tool results are recorded: it is run again from the adoption of its plan. */
    session: sessionId.optional(),
    /** A file beside the case, whose text is looked into. */
    alert: z.string().min(1).optional(),
    user_prompt: z.string().min(1).max(100_000).optional(),
    chain: z.string().min(1).max(100).optional(),
    tools: evaluationTools.optional(),
    /** All of them in the final analysis. */
    expected: soughtList,
    /** None of them there. */
    must_not: soughtList,
    outcome: conclusionOutcome.optional(),
    calls: toolList,
    must_not_call: toolList,
    max_cost_usd: z.number().nonnegative().max(1_000_000).optional(),
    max_tokens: z.int().positive().optional(),
    tags: z.array(z.string().min(1).max(100)).max(20).default([]),
    runs: z.int().min(1).max(100).default(1),
  })
  .superRefine(({ session, alert, user_prompt, tools, chain }, context) => {
    const fault = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message })
    const given = [session, alert, user_prompt].filter((each) => each !== undefined).length
    if (given !== 1) fault('id', 'needs exactly one of session, alert and user_prompt')
    if (tools === 'recorded' && session === undefined)
      fault('tools', 'recorded tools need the session that recorded them')
    if (tools === 'live' && session !== undefined) fault('tools', 'a session is run again on its recorded tools')
    if (chain !== undefined && session !== undefined) fault('chain', 'a session is run again under its own plan')
  })
export type EvaluationCase = Readonly<z.infer<typeof evaluationCase>>

/** A case with the text of the file it names. */
export interface ReadCase extends EvaluationCase {
  /** What a new session is to look into; null where a recorded one is run again. */
  readonly input: string | null
}
