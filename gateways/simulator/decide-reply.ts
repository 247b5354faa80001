// What the simulator answers: a small rule set that reads the tools offered, calls those that fit, and quotes what they said.
import type { ChatReply, ChatRequest, WireMessage, WireTool } from './chat-wire.ts'
import { fillArguments } from './fill-arguments.ts'
import { writeReport, writeSummary } from './write-report.ts'

/** Words of an alert that make a tool worth calling, by what the tool's name or description says. */
const topics: readonly { readonly alert: RegExp; readonly tool: RegExp }[] = [
  { alert: /disk|space|volume|inode|filesystem|storage|no space/i, tool: /disk|volume|filesystem|storage|mount/i },
  { alert: /memory|oom|swap|heap|rss|out of mem/i, tool: /memory|heap|oom/i },
  { alert: /cpu|load|slow|latency|saturat|throttl/i, tool: /\bload\b|cpu|top\b|process/i },
  { alert: /port|listen|connection refused|unreachable|endpoint/i, tool: /port|listen|socket|network|service/i },
  { alert: /down|crash|restart|not running|process|unavailable/i, tool: /process|uptime|status|service|pod/i },
  { alert: /log|error|exception|fail/i, tool: /\blog|event/i },
  { alert: /reboot|uptime/i, tool: /uptime/i },
]

const maxCalls = 4

export const decideReply = (request: ChatRequest): ChatReply => {
  const tools = request.tools.map(({ function: tool }) => tool)
  const task = textOf(request.messages, 'user')
  const asked = request.messages.flatMap(({ tool_calls: calls }) => calls ?? [])
  const turns = request.messages.filter(({ role }) => role === 'assistant').length
  if (asked.length === 0 && tools.length === 0) {
    return { text: /executive summary/i.test(task) ? writeSummary(task) : writeReport(request.messages) }
  }
  if (tools.length > 0 && turns === 0) {
    const chosen = chooseTools(task, tools)
    if (chosen.length > 0) {
      return {
        thinking: `The alert speaks of ${topicWords(task)}. I look at ${chosen.map(({ name }) => name).join(', ')} first.`,
        toolCalls: chosen.map((tool) => ({ name: tool.name, arguments: fillArguments(tool, task) })),
      }
    }
  }
  if (tools.length > 0 && turns === 1) {
    const next = followUp(task, tools, new Set(asked.map(({ function: call }) => call.name)))
    if (next !== undefined) {
      return {
        thinking: `One more look: ${next.name} may explain what the first tools showed.`,
        toolCalls: [{ name: next.name, arguments: fillArguments(next, task) }],
      }
    }
  }
  return { text: writeReport(request.messages) }
}

const textOf = (messages: readonly WireMessage[], role: string): string =>
  messages
    .filter((message) => message.role === role)
    .map(({ content }) => content)
    .join('\n')

const describe = (tool: WireTool): string => `${tool.name.replaceAll('_', ' ')} ${tool.description}`

const chooseTools = (task: string, tools: readonly WireTool[]): readonly WireTool[] => {
  const safe = tools.filter((tool) => !/delete|remove|restart|kill|write|create|update|drain|scale/i.test(tool.name))
  const fitting = topics
    .filter(({ alert }) => alert.test(task))
    .flatMap(({ tool: pattern }) => safe.filter((tool) => pattern.test(describe(tool))))
  const shared = safe.filter((tool) => sharesWord(task, tool))
  const chosen = [...new Set([...fitting, ...shared])]
  return (chosen.length > 0 ? chosen : safe).slice(0, maxCalls)
}

const followUp = (task: string, tools: readonly WireTool[], called: ReadonlySet<string>): WireTool | undefined =>
  chooseTools(task, tools).find(({ name }) => !called.has(name)) ??
  tools.find((tool) => !called.has(tool.name) && /process|uptime|status/i.test(tool.name))

/** Words of five letters and more: shorter ones fit everything. */
const sharesWord = (task: string, tool: WireTool): boolean => {
  const words = new Set(task.toLowerCase().match(/[a-z]{5,}/g) ?? [])
  return tool.name
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((word) => word.length >= 5 && words.has(word))
}

const topicWords = (task: string): string => {
  const words = topics.flatMap(({ alert }) => alert.exec(task)?.[0]?.toLowerCase() ?? [])
  return words.length === 0 ? 'nothing I have a rule for' : [...new Set(words)].slice(0, 3).join(', ')
}
