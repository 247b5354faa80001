// Which of the tools offered fit an alert: by topic, else by shared words, else the most general ones; never one that changes things.
import { plainWords, type Topic, type TopicName, topicsOf } from './alert-topics.ts'
import type { WireTool } from './chat-wire.ts'
import { isSafe, nameWords } from './safe-tools.ts'

const maxCalls = 4
const maxGeneralCalls = 3

export const chooseTools = (alert: string, tools: readonly WireTool[]): readonly WireTool[] => {
  const safe = tools.filter(isSafe)
  const topics = topicsOf(alert)
  const words = wordsOf(alert)
  const fitting = safe
    .map((tool) => ({ tool, score: scoreOf(tool, topics, words) }))
    .filter(({ score }) => score >= 3)
    .sort((a, b) => b.score - a.score)
    .map(({ tool }) => tool)
  return fitting.length > 0 ? fitting.slice(0, maxCalls) : mostGeneral(safe)
}

/** What to ask next, by what the first answers leave open. */
const followUps: readonly { readonly topics: readonly TopicName[]; readonly tool: RegExp }[] = [
  { topics: ['cpu', 'memory'], tool: /\b(?:process|processes|top)\b/ },
  { topics: ['service', 'logs', 'ports'], tool: /\b(?:logs?|journal|events?)\b/ },
  { topics: ['disk', 'ports', 'service'], tool: /\b(?:process|processes)\b/ },
]

/** One tool that was not called yet, or none. */
export const followUp = (
  alert: string,
  tools: readonly WireTool[],
  called: ReadonlySet<string>,
): WireTool | undefined => {
  const names = topicsOf(alert).map(({ name }) => name)
  const left = tools.filter((tool) => isSafe(tool) && !called.has(tool.name))
  return followUps
    .filter(({ topics }) => topics.some((topic) => names.includes(topic)))
    .flatMap(({ tool: pattern }) => left.filter((tool) => pattern.test(nameWords(tool))))[0]
}

const scoreOf = (tool: WireTool, topics: readonly Topic[], words: ReadonlySet<string>): number => {
  const name = nameWords(tool)
  const description = plainWords(tool.description)
  const byTopic = topics.map((topic) => (topic.tool.test(name) ? 10 : topic.tool.test(description) ? 4 : 0))
  const inName = [...wordsOf(name)].filter((word) => words.has(word)).length
  const inDescription = [...wordsOf(description)].filter((word) => words.has(word)).length
  return byTopic.reduce<number>((sum, points) => sum + points, 0) + 3 * inName + Math.min(3, inDescription)
}

/** Words of every alert or every description: they tell no tool from another. */
const common = new Set(
  'about alert alerts annotation annotations casebook data description find from have host instance label labels machine node runbook service session severity status tell that this title tool type what which with'.split(
    ' ',
  ),
)

const wordsOf = (text: string): ReadonlySet<string> =>
  new Set(
    (plainWords(text).match(/[a-z]{4,}/g) ?? [])
      .filter((word) => !common.has(word))
      .map((word) => word.replace(/s$/, '')),
  )

const mostGeneral = (tools: readonly WireTool[]): readonly WireTool[] =>
  tools
    .map((tool) => ({ tool, cost: requiredOf(tool) - (general.test(nameWords(tool)) ? 1 : 0) }))
    .sort((a, b) => a.cost - b.cost)
    .slice(0, maxGeneralCalls)
    .map(({ tool }) => tool)

const general = /\b(?:list|status|health|overview|summary|info|get|show)\b/

const requiredOf = ({ parameters: { required } }: WireTool): number => (Array.isArray(required) ? required.length : 0)
