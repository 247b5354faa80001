// Which tools of its servers an agent is offered: decided on names and patterns, before the model sees any.
import type { PinnedAgent } from '../../schemas/agent-definition.ts'

/** `name` is `<server>__<tool>`. */
export const isToolOffered = ({ tools, disallowedTools }: PinnedAgent, name: string): boolean => {
  const matches = (pattern: string): boolean => matchesPattern(pattern, name)
  return (tools === undefined || tools.some(matches)) && !(disallowedTools ?? []).some(matches)
}

/** `*` stands for any characters; everything else for itself. */
const matchesPattern = (pattern: string, name: string): boolean => {
  const [first = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return pattern === name
  const last = rest.pop() ?? ''
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  let from = first.length
  const end = name.length - last.length
  for (const part of rest) {
    const at = name.indexOf(part, from)
    if (at < 0 || at + part.length > end) return false
    from = at + part.length
  }
  return true
}
