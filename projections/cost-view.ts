// Costs as people read them: what had a price and what had none, apart, so that neither hides in the other.
import { z } from 'zod'

const used = { replies: z.int(), inputTokens: z.int(), outputTokens: z.int() }

export const costFigures = z.object({
  priced: z.object({
    ...used,
    /** Millionths of a US dollar, exact. */
    usdMicros: z.int(),
    /** US dollars to three places; null when nothing had a price. */
    usd: z.number().nullable(),
  }),
  unpriced: z.object(used),
})
export type CostFigures = Readonly<z.infer<typeof costFigures>>

export const costLine = costFigures.extend({
  key: z.string(),
  /** By the second name, where one was asked for. */
  split: z.string().optional(),
})
export type CostLine = Readonly<z.infer<typeof costLine>>

export const sessionCosts = z.object({
  sessionId: z.string(),
  total: costFigures,
  /** Of its stages; `summary` and `chat` are what is beside them. */
  byStage: z.array(costLine),
  byAgent: z.array(costLine),
  /** Agents that others called on; they are not among `byAgent`. */
  byHelper: z.array(costLine),
  /** `<provider>/<model>`. */
  byModel: z.array(costLine),
})
export type SessionCosts = Readonly<z.infer<typeof sessionCosts>>

export const costGrouping = z.enum(['day', 'org', 'chain', 'agent', 'model'])
export type CostGrouping = z.infer<typeof costGrouping>

export const costs = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  by: costGrouping,
  total: costFigures,
  items: z.array(costLine),
})
export type Costs = Readonly<z.infer<typeof costs>>

export const dollarsOf = (usdMicros: number): number => Math.round(usdMicros / 1_000) / 1_000

export const sumOf = (all: readonly CostFigures[]): CostFigures => {
  const sum = (of: (each: CostFigures) => number): number =>
    Math.min(
      all.reduce((total, each) => total + of(each), 0),
      Number.MAX_SAFE_INTEGER,
    )
  const usdMicros = sum(({ priced }) => priced.usdMicros)
  const replies = sum(({ priced }) => priced.replies)
  return {
    priced: {
      replies,
      inputTokens: sum(({ priced }) => priced.inputTokens),
      outputTokens: sum(({ priced }) => priced.outputTokens),
      usdMicros,
      usd: replies === 0 ? null : dollarsOf(usdMicros),
    },
    unpriced: {
      replies: sum(({ unpriced }) => unpriced.replies),
      inputTokens: sum(({ unpriced }) => unpriced.inputTokens),
      outputTokens: sum(({ unpriced }) => unpriced.outputTokens),
    },
  }
}
