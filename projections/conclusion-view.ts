// What a conclusion says, as the read models serve it: null where it does not say.
import { z } from 'zod'
import { type ConclusionReading, conclusionOutcome, finding } from '../schemas/conclusion.ts'

export const conclusionView = {
  outcome: conclusionOutcome.nullable().default(null),
  /** What would settle the question. */
  missing: z.string().nullable().default(null),
  findings: z.array(finding).default([]),
}
type ConclusionView = z.infer<z.ZodObject<typeof conclusionView>>

export const viewOfConclusion = ({ outcome, missing, findings = [] }: ConclusionReading): ConclusionView => ({
  outcome: outcome ?? null,
  missing: missing ?? null,
  findings: [...findings],
})
