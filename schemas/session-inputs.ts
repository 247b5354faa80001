// What a session may wait for a person to say, and what can be said: one record for approvals, questions and budgets.
import { z } from 'zod'
import { elicitationRequest, elicitedContent } from './elicitation.ts'
import { executionId, toolCallId } from './ids.ts'
import { jsonValue } from './json-value.ts'
import { toolEffect } from './tool.ts'

export const budgetKind = z.enum(['tokens', 'cost', 'wall_time', 'tool_calls'])
export type BudgetKind = z.infer<typeof budgetKind>

export const inputQuestion = z.discriminatedUnion('kind', [
  /** May this call be made? Everything needed to make it stands here. */
  z.object({
    kind: z.literal('tool_approval'),
    toolCallId,
    executionId,
    turn: z.int().positive(),
    name: z.string(),
    server: z.string(),
    tool: z.string(),
    arguments: jsonValue,
    effect: toolEffect,
    /** Which rule asks, in words. */
    reason: z.string(),
  }),
  /** An agent asks, by the built-in tool `ask_person`. */
  z.object({ kind: z.literal('question'), executionId, toolCallId, text: z.string() }),
  /** A budget is used up. `used` and `limit` are tokens, micro-dollars, seconds or calls. */
  z.object({
    kind: z.literal('budget'),
    budget: budgetKind,
    executionId: executionId.optional(),
    /** Set when it is the budget of the whole org on this day in UTC. */
    day: z.iso.date().optional(),
    used: z.number().nonnegative(),
    limit: z.number().nonnegative(),
  }),
  /** An MCP server asks in the middle of a call, which waits for the answer. */
  z.object({
    kind: z.literal('elicitation'),
    executionId,
    toolCallId,
    /** Attempt of the call that waits. */
    attempt: z.int().positive(),
    server: z.string(),
    tool: z.string(),
    message: z.string(),
    request: elicitationRequest,
  }),
])
export type InputQuestion = Readonly<z.infer<typeof inputQuestion>>

/** As it is given; sealed it takes more room. */
const answerOf = (most: { readonly reason: number; readonly text: number }) =>
  z.discriminatedUnion('kind', [
    /** `session`: this tool needs no further approval in this session. `arguments` replace the ones asked about. */
    z.strictObject({
      kind: z.literal('approve'),
      scope: z.enum(['once', 'session']).default('once'),
      arguments: jsonValue.optional(),
    }),
    z.strictObject({ kind: z.literal('deny'), reason: z.string().trim().max(most.reason).default('') }),
    z.strictObject({ kind: z.literal('reply'), text: z.string().trim().min(1).max(most.text) }),
    /** Raises the budget by this much, in the question's own unit. */
    z.strictObject({ kind: z.literal('raise'), by: z.number().positive() }),
    /** Conclude now, from what is known. */
    z.strictObject({ kind: z.literal('finish') }),
    /** `content`: the fields of the form; a link is accepted without. */
    z.strictObject({ kind: z.literal('accept'), content: elicitedContent.optional() }),
    z.strictObject({ kind: z.literal('decline') }),
    /** Neither yes nor no: what silence comes to. */
    z.strictObject({ kind: z.literal('cancel') }),
  ])

export const inputAnswer = answerOf({ reason: 2000, text: 20_000 })
/** As it lies in the log. */
export const recordedAnswer = answerOf({ reason: 20_000, text: 200_000 })
export type InputAnswer = Readonly<z.infer<typeof inputAnswer>>
