// The simulator's reports: they quote what the tools returned, and say plainly who wrote them.
import type { WireMessage } from './chat-wire.ts'

export const signature = '_Written by the built-in simulator, not by a language model._'

/** A Markdown report out of the conversation: every finding quotes the tool it came from. */
export const writeReport = (messages: readonly WireMessage[]): string => {
  const task = messages.find(({ role }) => role === 'user')?.content ?? ''
  const title = /^Session: (.+)$/m.exec(task)?.[1] ?? 'the alert'
  const names = new Map(
    messages.flatMap(({ tool_calls: calls }) => calls ?? []).map((call) => [call.id, call.function.name]),
  )
  const results = messages
    .filter(({ role }) => role === 'tool')
    .map((message) => ({ tool: names.get(message.tool_call_id ?? '') ?? 'a tool', text: message.content }))
  const earlier = [...task.matchAll(/## Findings of stage "([^"]+)"/g)].map((match) => match[1])

  const findings = results.map(({ tool, text }) => `- **${tool}**\n\n${quoted(text)}`)
  return [
    '## Summary',
    summaryLine(title, results.length, earlier),
    '## Findings',
    findings.length === 0 ? 'No tool was called, so there is no evidence of its own here.' : findings.join('\n\n'),
    '## Likely cause',
    results.length === 0
      ? 'Inconclusive: nothing was measured.'
      : `Inconclusive: a simulator draws no conclusions. The figures above are what ${results.map(({ tool }) => tool).join(', ')} returned.`,
    '## Recommended next steps',
    '- Compare the figures with their usual values.\n- Set OPENAI_API_KEY, or OPENAI_BASE_URL and CASEBOOK_MODEL, to have a model investigate.',
    signature,
  ].join('\n\n')
}

const summaryLine = (title: string, calls: number, earlier: readonly (string | undefined)[]): string => {
  const rest = earlier.length > 0 ? ` It builds on the findings of: ${earlier.join(', ')}.` : ''
  return `"${title}" was looked into with ${calls} tool ${calls === 1 ? 'call' : 'calls'}.${rest}`
}

const maxQuotedLines = 14

const quoted = (text: string): string => {
  const lines = text.trim().split('\n')
  const kept = lines.slice(0, maxQuotedLines).map((line) => `  > ${line.slice(0, 160)}`)
  return [
    ...kept,
    ...(lines.length > maxQuotedLines ? [`  > … ${lines.length - maxQuotedLines} more lines`] : []),
  ].join('\n')
}

/** One to three sentences for the executive summary, out of the report in the task. */
export const writeSummary = (task: string): string => {
  const summary = /## Summary\s+([^\n]+)/.exec(task)?.[1]
  const cause = /## Likely cause\s+([^\n]+)/.exec(task)?.[1]
  const title = /^Title: (.+)$/m.exec(task)?.[1] ?? 'The session'
  return `${summary ?? `${title} was looked into.`} ${cause ?? ''} (simulated)`.replace(/ +/g, ' ')
}
