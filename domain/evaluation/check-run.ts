// Holds a session that has ended against its case: one check for each thing the case asks for.
import type { EvaluationCheck } from '../../schemas/evaluation.ts'
import { type EvaluationCase, patternOf } from '../../schemas/evaluation-case.ts'

export interface ObservedRun {
  readonly status: string
  /** Null when there is none. */
  readonly finalAnalysis: string | null
  readonly outcome: string | null
  /** As `<server>/<tool>`. */
  readonly calls: readonly string[]
  readonly costMicros: number
  /** Replies of models without a known price; what they cost is not known. */
  readonly unpricedReplies: number
  readonly tokens: number
}

export const checkRun = (
  { expected, must_not, outcome, calls, must_not_call, max_cost_usd, max_tokens }: EvaluationCase,
  run: ObservedRun,
): readonly EvaluationCheck[] => {
  const analysis = run.finalAnalysis ?? ''
  const checks: readonly (EvaluationCheck | false)[] = [
    check('status', 'completed', run.status === 'completed', run.status),
    ...expected.map((text) =>
      check('expected', text, holds(analysis, text), run.finalAnalysis === null ? 'no final analysis' : 'not said'),
    ),
    ...must_not.map((text) => check('must_not', text, !holds(analysis, text), 'said')),
    outcome !== undefined && check('outcome', outcome, run.outcome === outcome, run.outcome ?? 'none'),
    ...calls.map((tool) => check('calls', tool, run.calls.includes(tool), 'not called')),
    ...must_not_call.map((tool) => check('must_not_call', tool, !run.calls.includes(tool), 'called')),
    max_cost_usd !== undefined && costCheck(max_cost_usd, run),
    max_tokens !== undefined && check('tokens', `≤ ${max_tokens}`, run.tokens <= max_tokens, String(run.tokens)),
  ]
  return checks.filter((each) => each !== false)
}

/** What is not known may be anything: without a price there is no passing. */
const costCheck = (most: number, { costMicros, unpricedReplies }: ObservedRun): EvaluationCheck => {
  const unknown = unpricedReplies > 0 ? ` and ${unpricedReplies} replies without a known price` : ''
  const dollars = (costMicros / 1_000_000).toFixed(4)
  return check('cost', `≤ $${most}`, costMicros <= most * 1_000_000 && unknown === '', `$${dollars}${unknown}`)
}

const check = (kind: EvaluationCheck['kind'], wanted: string, passed: boolean, found: string): EvaluationCheck => ({
  kind,
  wanted,
  passed,
  found: passed ? '' : found,
})

const holds = (analysis: string, text: string): boolean => {
  const pattern = patternOf(text)
  if (pattern === 'broken') return false
  return pattern === null ? analysis.toLowerCase().includes(text.toLowerCase()) : pattern.test(analysis)
}
