// The simulator's reports: they quote what the tools returned, and say plainly who wrote them.
import { alertOf, titleOf } from './alert-topics.ts'
import type { WireMessage } from './chat-wire.ts'

/** The last line of every report. */
export const signature = '_Written by the built-in simulator, not by a language model._'

export interface ToolResult {
  readonly tool: string
  readonly arguments: string
  readonly text: string
  readonly failed: boolean
  /** `[call 3]`, as the conversation labels it; empty when it does not. */
  readonly label: string
}

/** What the tools said so far, in the order of the conversation. */
export const toolResultsOf = (messages: readonly WireMessage[]): readonly ToolResult[] => {
  const calls = new Map(
    messages.flatMap(({ tool_calls: each }) => each ?? []).map(({ id, function: call }) => [id, call]),
  )
  return messages
    .filter(({ role }) => role === 'tool')
    .map(({ tool_call_id: id = '', content }) => {
      const call = calls.get(id)
      const label = /^\[call \d+\](?=\n)/.exec(content)?.[0] ?? ''
      const text = content.slice(label === '' ? 0 : label.length + 1)
      return { tool: call?.name ?? 'a tool', arguments: call?.arguments ?? '{}', text, failed: saysFailed(text), label }
    })
}

/** The wire has no mark for a failed call: only the text tells. */
const saysFailed = (text: string): boolean =>
  /^\s*(?:error\b|mcp error|failed\b|(?:the )?call (?:did not run|gave no answer|failed)|the arguments\b|there is no tool|outcome unknown|aborted\b|denied\b|not allowed\b|permission denied|\{"error"|\(no result\))/i.test(
    text,
  )

/** A Markdown report out of the conversation: every finding quotes the tool it came from. */
export const writeReport = (messages: readonly WireMessage[]): string => {
  const task = messages.find(({ role }) => role === 'user')?.content ?? ''
  const results = toolResultsOf(messages)
  const earlier = [...task.matchAll(/^## Findings of stage "([^"\n]+)"/gm)].map(([, stage = '']) => stage)
  const taken = takenOver(task)
  const figures = striking(results)
  return [
    '## Summary',
    summaryLine(titleOf(alertOf(messages)), results, earlier),
    '## Findings',
    results.length === 0
      ? ['No tool was called, so there is no evidence of its own here.', ...taken].join('\n\n')
      : results.map(finding).join('\n\n'),
    '## Likely cause',
    likelyCause(results, figures, taken),
    outcomeOf(results, figures, taken),
    '## Recommended next steps',
    nextSteps(results, figures),
    signature,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

const summaryLine = (title: string, results: readonly ToolResult[], earlier: readonly string[]): string => {
  const failed = results.filter((result) => result.failed).length
  const calls = results.length === 1 ? '1 tool call' : `${results.length} tool calls`
  const failures =
    failed === 0 ? '' : `, ${failed === results.length ? 'none of which answered' : `${failed} of which failed`}`
  const rest = earlier.length > 0 ? ` It builds on the findings of: ${earlier.join(', ')}.` : ''
  return `"${title}" was looked into with ${calls}${failures}.${rest}`
}

const finding = (result: ToolResult): string => {
  const { tool, arguments: written, text, failed, label } = result
  const asked = written === '{}' || written === '' ? '' : ` with \`${written.replaceAll('`', "'").slice(0, 200)}\``
  const [figure] = striking([result])
  const standsOut = figure === undefined ? '' : `, where \`${figure.line}\` stands out`
  const said = failed ? 'failed and shows nothing; it answered' : `returned this${standsOut}`
  return `- **${tool}**${asked} ${said}${label === '' ? '' : ` ${label}`}:\n\n${quoted(text)}`
}

const maxTakenOver = 12

/** What earlier stages state with the tool call it rests on. */
const takenOver = (task: string): readonly string[] =>
  task
    .split(/^(?=## Findings of stage ")/m)
    .filter((section) => section.startsWith('## Findings of stage "'))
    .flatMap((section) => section.match(/^- .*\[call \d+\]/gm) ?? [])
    .slice(0, maxTakenOver)

interface Figure {
  readonly tool: string
  readonly line: string
}

const strikingPercent = 85
const maxFigures = 3

/** Lines with a percentage near or over the top. */
const striking = (results: readonly ToolResult[]): readonly Figure[] =>
  results
    .filter(({ failed }) => !failed)
    .flatMap(({ tool, text }) => text.split('\n').map((line) => ({ tool, line: line.trim().replace(/\s+/g, ' ') })))
    .filter(({ line }) =>
      [...line.matchAll(/(\d{1,4}(?:\.\d+)?) ?%/g)].some(([, value]) => Number(value) >= strikingPercent),
    )
    .map(({ tool, line }) => ({ tool, line: line.replaceAll('`', "'").slice(0, 160) }))
    .slice(0, maxFigures)

const answeredBy = (results: readonly ToolResult[]): readonly string[] => [
  ...new Set(results.filter(({ failed }) => !failed).map(({ tool }) => tool)),
]

const likelyCause = (results: readonly ToolResult[], figures: readonly Figure[], taken: readonly string[]): string => {
  const answered = answeredBy(results)
  if (results.length === 0 && taken.length > 0) return 'Unconfirmed: all of it is taken from earlier stages.'
  if (results.length === 0) return 'Inconclusive: nothing was measured.'
  if (answered.length === 0) return 'Inconclusive: every tool call failed, so nothing was measured.'
  if (figures.length === 0) return `Inconclusive: nothing that ${answered.join(', ')} returned stands out.`
  const shown = figures.map(({ tool, line }) => `\`${line}\` (${tool})`).join('; ')
  return `Unconfirmed: these figures stand out, and a rule cannot tell whether they caused the alert: ${shown}.`
}

/** Never "conclusive": a rule cannot tell a cause. */
const outcomeOf = (results: readonly ToolResult[], figures: readonly Figure[], taken: readonly string[]): string => {
  if (figures.length > 0 || taken.some((line) => line.includes('stands out'))) return ''
  const missing =
    answeredBy(results).length === 0 && taken.length === 0 ? 'a tool that answers' : 'a figure that stands out'
  return `Outcome: inconclusive – ${missing}`
}

const nextSteps = (results: readonly ToolResult[], figures: readonly Figure[]): string => {
  const failed = [...new Set(results.filter((result) => result.failed).map(({ tool }) => tool))]
  return [
    ...figures.map(({ tool, line }) => `- Check \`${line}\` (${tool}) against its usual value.`),
    ...(figures.length === 0 ? ['- Compare the figures above with their usual values.'] : []),
    ...(failed.length === 0
      ? []
      : [`- Find out why ${failed.join(', ')} failed; what it would have shown is unknown.`]),
    '- Set OPENAI_API_KEY, or OPENAI_BASE_URL and CASEBOOK_MODEL, to have a model investigate.',
  ].join('\n')
}

const maxQuotedLines = 14
const maxQuotedWidth = 160

const quoted = (text: string): string => {
  const lines = text.trim().split('\n')
  const longest = [...text.matchAll(/`+/g)].reduce((length, [run]) => Math.max(length, run.length), 2)
  const fence = `  ${'`'.repeat(longest + 1)}`
  const more = lines.length > maxQuotedLines ? [`  … ${lines.length - maxQuotedLines} more lines`] : []
  return [
    fence,
    ...lines.slice(0, maxQuotedLines).map((line) => `  ${line.slice(0, maxQuotedWidth)}`),
    ...more,
    fence,
  ].join('\n')
}
