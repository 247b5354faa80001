// What an alert is about, by its words, and the words that mark a tool able to look into it.
import type { WireMessage } from './chat-wire.ts'

export type TopicName = 'disk' | 'memory' | 'cpu' | 'ports' | 'service' | 'logs' | 'boot'

export interface Topic {
  readonly name: TopicName
  readonly alert: RegExp
  readonly tool: RegExp
}

/** Both sides are matched against `plainWords`. */
const topics: readonly Topic[] = [
  {
    name: 'disk',
    alert: /\b(?:disks?|volumes?|inodes?|filesystems?|file systems?|storage|space)\b/,
    tool: /\b(?:disks?|volumes?|filesystems?|file systems?|storage|mounts?|inodes?)\b/,
  },
  { name: 'memory', alert: /\b(?:memory|mem|oom|swap|heap|rss)\b/, tool: /\b(?:memory|mem|oom|swap|heap)\b/ },
  {
    name: 'cpu',
    alert: /\b(?:cpus?|load|slow|latency|saturat\w*|throttl\w*|busy)\b/,
    tool: /\b(?:cpus?|load|top|processes)\b/,
  },
  {
    name: 'ports',
    alert: /\b(?:ports?|listen\w*|sockets?|connections?|refused|unreachable|endpoints?)\b/,
    tool: /\b(?:ports?|listen\w*|sockets?|connections?|network)\b/,
  },
  {
    name: 'service',
    alert: /\b(?:down|crash\w*|restart\w*|not running|unavailable|dead|exited|stopped|process|processes)\b/,
    tool: /\b(?:process|processes|services?|pods?|containers?|units?)\b/,
  },
  {
    name: 'logs',
    alert: /\b(?:logs?|errors?|exceptions?|fail\w*|crash\w*|down|5xx)\b/,
    tool: /\b(?:logs?|journal|events?)\b/,
  },
  { name: 'boot', alert: /\b(?:reboot\w*|uptime|boot\w*)\b/, tool: /\b(?:uptime|boot\w*)\b/ },
]

export const topicsOf = (alert: string): readonly Topic[] => {
  const words = plainWords(alert)
  return topics.filter((topic) => topic.alert.test(words))
}

/** `HostOutOfDiskSpace`, `HighCPULoad`, `disk_usage` and `disk-usage` as words in lower case. */
export const plainWords = (text: string): string =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/[_\-.]+/g, ' ')
    .toLowerCase()

/** The task without what is not the alert itself: earlier findings and runbooks speak of other things too. */
export const alertOf = (messages: readonly WireMessage[]): string => {
  const task = messages.find(({ role }) => role === 'user')?.content ?? ''
  return task
    .split(/^(?=## )/m)
    .filter((section) => !/^## (?:Findings of stage|Runbook|Not available)/.test(section))
    .join('')
    .replace(/^(?:Your stage|Time now|## Alert|starts at|status|severity|label severity)\b.*$/gm, '')
}

export const titleOf = (alert: string): string =>
  (/^(?:Session|title): (.+)$/im.exec(alert)?.[1] ?? alert.trim().split('\n', 1)[0] ?? '').slice(0, 200) || 'The alert'

/** Values the alert names: `label pod: shop-1`, `service: shop`, `"namespace": "shop"`. The first of a name counts. */
export const namedValues = (alert: string): ReadonlyMap<string, string> => {
  const lines = [...alert.matchAll(/^(?:label |annotation )?([A-Za-z_][\w.-]{0,80}): (.{1,300})$/gm)]
  const members = [...alert.matchAll(/"([A-Za-z_][\w.-]{0,80})"\s{0,4}:\s{0,4}"([^"\\]{1,300})"/g)]
  const pairs = [...lines, ...members].map(([, name = '', value = '']) => [keyOf(name), value.trim()] as const)
  return new Map(pairs.reverse())
}

/** `pod_name`, `podName` and `Pod` are one. */
export const keyOf = (name: string): string =>
  plainWords(name)
    .replace(/ (?:name|id)$/, '')
    .replaceAll(' ', '')
