// Reads an agent's conclusion into data. What it names counts as evidence only when the log says so, whatever the words say.
import type { ConclusionReading, Evidence, Finding } from '../../schemas/conclusion.ts'
import { oneLine } from '../prompt/quoted-data.ts'
import { outcomeLine, statementsOf } from './statements.ts'

/** Bounds of what an event holds: the whole text stands beside it. */
const maxFindings = 40
const maxCalls = 8
const maxWords = 500

/** `evidenceOf` knows the calls that this agent may name. */
export const readConclusion = (text: string, evidenceOf: (call: number) => Evidence | undefined): ConclusionReading => {
  const said: string[] = []
  const findings: Finding[] = []
  for (const statement of statementsOf(text)) {
    if (outcomeLine.test(statement.text)) {
      said.push(statement.text)
      continue
    }
    const calls = callsIn(statement.text)
    if ((calls.length === 0 && !statement.listed) || findings.length === maxFindings) continue
    findings.push({ text: oneLine(statement.text, maxWords), ...weighed(calls.slice(0, maxCalls), evidenceOf) })
  }
  return { ...outcomeIn(said.at(-1), text), ...(findings.length > 0 && { findings }) }
}

const weighed = (
  calls: readonly number[],
  evidenceOf: (call: number) => Evidence | undefined,
): Pick<Finding, 'evidence' | 'unsupported'> => ({
  evidence: calls.flatMap((call) => evidenceOf(call) ?? []),
  unsupported: calls.filter((call) => evidenceOf(call) === undefined),
})

/** `[call 3]`, `[calls 3 and 5]`, `(call 3, call 5)`, `【call 3】`: the numbers, each once. */
const callsIn = (text: string): readonly number[] => {
  const cited = [...text.matchAll(/[[(【]\s?calls?([\s\w,;&#–-]{1,80})[\])】]/gi)]
  const numbers = cited.flatMap(([, inside = '']) => {
    const words = inside.split(/[\s,;&#–-]+/).filter((word) => !/^(?:calls?|and|)$/i.test(word))
    return words.every((word) => /^\d{1,6}$/.test(word)) ? words.map(Number) : []
  })
  return [...new Set(numbers)]
}

/** `line` is the last one that tells an outcome; without one, a text that begins with the word means it. */
const outcomeIn = (line: string | undefined, text: string): Pick<ConclusionReading, 'outcome' | 'missing'> => {
  if (line === undefined)
    return /^[^A-Za-z]{0,10}inconclusive\b(?!\s+\w)/i.test(text) ? { outcome: 'inconclusive' } : {}
  const [told = ''] = outcomeLine.exec(line) ?? []
  if (!/inconclusive$/i.test(told)) return { outcome: 'conclusive' }
  const rest = line.slice(told.length, told.length + 2 * maxWords)
  const missing = oneLine(rest.replace(/^[^\p{L}\p{N}[(]+|[\s*_]+$/gu, ''), maxWords)
  return { outcome: 'inconclusive', ...(missing !== '' && { missing }) }
}
