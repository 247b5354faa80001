// Which tools of its servers an agent is offered: decided on names and patterns, before the model sees any.
import type { PinnedAgent } from '../../schemas/agent-definition.ts'
import { matchesPattern } from '../policy/matches-pattern.ts'

/** `name` is `<server>__<tool>`. */
export const isToolOffered = ({ tools, onlyTools, disallowedTools }: PinnedAgent, name: string): boolean => {
  const matches = (pattern: string): boolean => matchesPattern(pattern, name)
  const within = (patterns: readonly string[] | undefined): boolean => patterns === undefined || patterns.some(matches)
  return within(tools) && within(onlyTools) && !(disallowedTools ?? []).some(matches)
}
