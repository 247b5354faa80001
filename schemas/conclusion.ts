// What a conclusion says, as data: its findings with the tool calls they rest on, and whether they settle the question.
import { z } from 'zod'
import { toolCallId } from './ids.ts'
import { toolOutcome } from './tool.ts'

/** A tool call whose result the agent had been given when it named it. */
export const evidence = z.object({
  toolCallId,
  /** As the agent names it, `[call 3]`: the session's tool calls in the order they were proposed, 1-based. */
  call: z.int().positive(),
  /** The name the model sees. */
  tool: z.string(),
  outcome: toolOutcome,
})
export type Evidence = Readonly<z.infer<typeof evidence>>

export const finding = z.object({
  /** In the agent's own words, shortened when long. */
  text: z.string(),
  /** Empty: nothing that was looked at supports it. */
  evidence: z.array(evidence),
  /** Calls it names that are no evidence: there is none of that number, it was never made, or the agent cannot know its result. */
  unsupported: z.array(z.int().nonnegative()),
})
export type Finding = Readonly<z.infer<typeof finding>>

export const conclusionOutcome = z.enum(['conclusive', 'inconclusive'])

/** Each is absent where the conclusion does not say it, and in conclusions from before it was read. */
export const conclusionData = {
  outcome: conclusionOutcome.optional(),
  /** What would settle the question, when it is inconclusive. */
  missing: z.string().optional(),
  findings: z.array(finding).optional(),
}
const conclusionReading = z.object(conclusionData)
export type ConclusionReading = Readonly<z.infer<typeof conclusionReading>>
