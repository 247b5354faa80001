// Notices an agent that goes round in circles: the same call with the same outcome again and again, or two by turns, or words without calls.
import type { StoredText } from '../../schemas/stored-text.ts'
import { callsOf } from './session-parts.ts'
import type { Execution, PresentSession, ToolCall } from './session-state.ts'

export type LoopPattern = 'same_result' | 'same_error' | 'alternating' | 'monologue'

export interface Loop {
  readonly pattern: LoopPattern
  /** What was repeated, in words the model is shown. */
  readonly evidence: string
}

/** In a row: results may be polled a few times in good faith, errors less so. */
const sameResults = 4
const sameErrors = 3
const alternations = 6
const sameWords = 4

/** What the agent's latest turns repeat; undefined when they do not. */
export const loopIn = (state: PresentSession, execution: Execution): Loop | undefined => {
  const { turns, loopsSeenUntil } = execution
  if (turns.length < sameErrors) return undefined
  const words = turns.slice(-sameWords)
  const [first] = words
  if (
    first !== undefined &&
    first.turn > loopsSeenUntil &&
    words.length === sameWords &&
    words.every(({ toolCalls, text }) => toolCalls.length === 0 && said(text) !== '' && said(text) === said(first.text))
  ) {
    return { pattern: 'monologue', evidence: `you said the same ${sameWords} times in a row and called no tool` }
  }
  // No circle is longer; turns without calls stand in none.
  const steps = turns
    .slice(-2 * alternations)
    .filter(({ turn, toolCalls }) => turn > loopsSeenUntil && toolCalls.length > 0)
    .slice(-alternations)
    .map((turn) => stepOf(callsOf(state, turn)))
  const last = steps.at(-1)
  if (last === undefined) return undefined
  const inARow = steps.length - 1 - steps.findLastIndex(({ key }) => key !== last.key)
  if (last.failed && inARow >= sameErrors) {
    return { pattern: 'same_error', evidence: `${last.calls} failed ${inARow} times in a row in the same way` }
  }
  if (inARow >= sameResults) {
    return { pattern: 'same_result', evidence: `${last.calls} returned the same ${inARow} times in a row` }
  }
  const tail = steps.slice(-alternations)
  const [one, two] = tail
  if (one === undefined || two === undefined || tail.length < alternations || one.key === two.key) return undefined
  const alternates = tail.every(({ key }, index) => key === (index % 2 === 0 ? one.key : two.key))
  return alternates
    ? { pattern: 'alternating', evidence: `${one.calls} and ${two.calls} returned the same by turns` }
    : undefined
}

const said = ({ text }: StoredText): string => text.replace(/\s+/g, ' ').trim()

interface Step {
  readonly key: string
  readonly calls: string
  readonly failed: boolean
}

/** One turn's calls and what came of them. */
const stepOf = (calls: readonly ToolCall[]): Step => ({
  key: calls.map(({ name, written, result }) => `${name}\n${written}\n${result?.text ?? ''}`).join('\n\n'),
  calls: [...new Set(calls.map(({ name }) => name))].join(', '),
  failed: calls.every(({ status }) => status === 'refused' || status === 'tool_error' || status === 'failed'),
})
