// The gate before every tool call: decided on names, arguments and effects on the log, never on what a text claims.
import type { EventData } from '../../schemas/events.ts'
import type { JsonValue } from '../../schemas/json-value.ts'
import type { OfferedTool } from '../../schemas/tool.ts'
import type { ToolPolicy, ToolRule, ToolVerdict } from '../../schemas/tool-policy.ts'
import { matchesPattern } from './matches-pattern.ts'

export interface ToolDecision {
  readonly verdict: ToolVerdict
  /** In words, for a person. */
  readonly reason: string
}

export const decideTool = (policy: ToolPolicy, tool: OfferedTool, args: JsonValue): ToolDecision => {
  const index = policy.rules.findIndex((rule) => matchesRule(rule, tool, args))
  const rule = policy.rules[index]
  if (rule !== undefined) return { verdict: rule.action, reason: rule.reason ?? `rule ${index + 1} of the tool policy` }
  return { verdict: policy.otherwise[tool.effect], reason: byEffect[tool.effect] }
}

const strictness: Readonly<Record<ToolVerdict, number>> = { allow: 0, ask: 1, deny: 2 }

/** Under several policies at once the strictest word counts; where they agree, the first one's reason. */
export const decideUnderAll = (policies: readonly ToolPolicy[], tool: OfferedTool, args: JsonValue): ToolDecision =>
  policies
    .map((policy) => decideTool(policy, tool, args))
    .reduce((strictest, each) => (strictness[each.verdict] > strictness[strictest.verdict] ? each : strictest), {
      verdict: 'allow',
      reason: '',
    })

/** Those a session is under: its own, and those of the sessions it works for. */
export const policiesOf = (plan: Pick<EventData<'session.plan_adopted'>, 'toolPolicy' | 'policiesAbove'> | null) => [
  ...(plan?.toolPolicy === undefined ? [] : [plan.toolPolicy]),
  ...(plan?.policiesAbove ?? []),
]

const byEffect = {
  read_only: 'the tool only reads',
  idempotent: 'the tool changes something',
  unsafe: 'the tool may change something, and repeating it may change more',
} as const

const matchesRule = (rule: ToolRule, { server, tool, effect }: OfferedTool, args: JsonValue): boolean =>
  (rule.server === undefined || matchesPattern(rule.server, server)) &&
  (rule.tool === undefined || matchesPattern(rule.tool, tool)) &&
  (rule.effect === undefined || rule.effect.includes(effect)) &&
  Object.entries(rule.arguments ?? {}).every(([name, pattern]) => {
    const value = argument(args, name)
    return value !== undefined && matchesPattern(pattern, typeof value === 'string' ? value : JSON.stringify(value))
  })

const argument = (args: JsonValue, name: string): JsonValue | undefined =>
  typeof args === 'object' && args !== null && !Array.isArray(args) && Object.hasOwn(args, name)
    ? Object.entries(args).find(([key]) => key === name)?.[1]
    : undefined
