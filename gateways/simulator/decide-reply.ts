// What the simulator answers: looks first at what fits the alert, then once at what that leaves open, then reports.
import { alertOf, namedValues, topicsOf } from './alert-topics.ts'
import type { ChatReply, WireMessage, WireTool } from './chat-wire.ts'
import { chooseTools, followUp } from './choose-tools.ts'
import { digestOf } from './digest-result.ts'
import { fillArguments } from './fill-arguments.ts'
import { isSafe } from './safe-tools.ts'
import { writeAnswer } from './write-answer.ts'
import { type ToolResult, toolResultsOf, writeReport } from './write-report.ts'
import { writeSummary } from './write-summary.ts'

/** The same messages and tools always give the same reply. Without tools it concludes from what is there. */
export const decideReply = (messages: readonly WireMessage[], tools: readonly WireTool[]): ChatReply => {
  const answer = writeAnswer(messages)
  if (answer !== null) return { text: answer }
  const alert = alertOf(messages)
  const asked = messages.flatMap(({ tool_calls: calls }) => calls ?? [])
  if (tools.length === 0) {
    const digest = digestOf(lastUser(messages))
    if (digest !== null) return { text: digest }
    return {
      text: asked.length === 0 && asksSummary(messages) ? writeSummary(lastUser(messages)) : writeReport(messages),
    }
  }
  const turns = messages.filter(({ role }) => role === 'assistant').length
  if (asked.length === 0) {
    const chosen = turns <= 1 ? chooseTools(alert, tools) : []
    if (chosen.length > 0) {
      return {
        thinking: `The alert is about ${topicWords(alert)}. First I look at ${chosen.map(({ name }) => name).join(', ')}.`,
        toolCalls: chosen.map((tool) => call(tool, fillArguments(tool.parameters, alert))),
      }
    }
  } else if (messages.filter(({ tool_calls: calls = [] }) => calls.length > 0).length === 1) {
    const next = nextLook(alert, tools, toolResultsOf(messages))
    if (next !== null) return next
  }
  return { text: writeReport(messages) }
}

const call = (tool: WireTool, values: Readonly<Record<string, unknown>>) => ({
  name: tool.name,
  arguments: JSON.stringify(values),
})

const nextLook = (alert: string, tools: readonly WireTool[], results: readonly ToolResult[]): ChatReply | null => {
  const listed = listedFile(alert, tools, results)
  if (listed !== null) {
    return {
      thinking: `${listed.tool.name} listed files. I read ${listed.path}.`,
      toolCalls: [call(listed.tool, { ...fillArguments(listed.tool.parameters, alert), path: listed.path })],
    }
  }
  const next = followUp(alert, tools, new Set(results.map(({ tool }) => tool)))
  if (next === undefined) return null
  return {
    thinking: `One more look: ${next.name} may explain what the first tools showed.`,
    toolCalls: [call(next, fillArguments(next.parameters, alert))],
  }
}

/** A tool that was called without its `path` and answered with paths: one the alert names, else the likeliest text file. */
const listedFile = (
  alert: string,
  tools: readonly WireTool[],
  results: readonly ToolResult[],
): { readonly tool: WireTool; readonly path: string } | null => {
  const values = [...namedValues(alert).values()].map((value) => value.toLowerCase())
  for (const result of results) {
    const tool = tools.find(({ name }) => name === result.tool)
    if (tool === undefined || !isSafe(tool) || result.failed || result.arguments.includes('"path"') || !takesPath(tool))
      continue
    const paths = [...result.text.matchAll(/^(\/\S{1,500})/gm)].map(([, path = '']) => path)
    const path =
      paths.find((each) => values.some((value) => each.toLowerCase().includes(value))) ??
      paths.find((each) => /log$|messages$/.test(each)) ??
      paths[0]
    if (path !== undefined) return { tool, path }
  }
  return null
}

const takesPath = ({ parameters: { properties } }: WireTool): boolean =>
  typeof properties === 'object' && properties !== null && 'path' in properties

const lastUser = (messages: readonly WireMessage[]): string =>
  messages.findLast(({ role }) => role === 'user')?.content ?? ''

/** The request stands at the beginning; a report or alert further down may use the words too. */
const asksSummary = (messages: readonly WireMessage[]): boolean =>
  /executive summary/i.test(lastUser(messages).slice(0, 200)) ||
  messages.some(({ role, content }) => role === 'system' && /write the executive summary/i.test(content))

const topicWords = (alert: string): string => {
  const names = topicsOf(alert).map(({ name }) => name)
  return names.length === 0 ? 'nothing I have a rule for' : names.join(', ')
}
