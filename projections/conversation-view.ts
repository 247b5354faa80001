// What the models of a session were sent and what they answered, turn by turn, as the API serves it.
import { z } from 'zod'
import { tokenUsage } from '../schemas/model.ts'
import { sessionTurnEventData, turnMode, turnReason } from '../schemas/session-turn-events.ts'
import { offeredTool } from '../schemas/tool.ts'

const turnStatus = z.enum(['open', 'answered', 'failed', 'held', 'ended'])

const turnLine = z
  .object({
    turn: z.int(),
    attempt: z.int(),
    mode: turnMode,
    why: turnReason.nullable(),
    status: turnStatus.describe(
      '`held`: a budget of the day kept it; `ended`: its agent ended first, or a fork asks again.',
    ),
    askedAt: z.string(),
    settledAt: z.string().nullable(),
    usage: tokenUsage.nullable(),
    toolCalls: z.int(),
    compactedThrough: z.int().nullable().describe('Older turns gave way to a summary for this one.'),
    inheritedFrom: z.string().nullable().describe('Of what a fork shares: the session it happened in.'),
  })
  .meta({ id: 'TurnLine' })
export type TurnLine = Readonly<z.infer<typeof turnLine>>

export const conversationOverview = z
  .object({
    title: z.string(),
    status: z.string(),
    version: z.int(),
    fork: z.object({ sessionId: z.string(), at: z.int() }).nullable().describe('The session it goes on from.'),
    executions: z.array(
      z.object({
        id: z.string(),
        agent: z.string(),
        stage: z.string().nullable().describe('Null for who answers questions about the session.'),
        parentId: z.string().nullable().describe('Of a helper: who called on it.'),
        status: z.string(),
        turns: z.array(turnLine).readonly(),
      }),
    ),
  })
  .meta({ id: 'Conversation' })
export type ConversationOverview = Readonly<z.infer<typeof conversationOverview>>

const sentMessage = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  text: z.string(),
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })).optional(),
  toolCallId: z.string().optional(),
})

export const conversationTurn = z
  .object({
    executionId: z.string(),
    agent: z.string(),
    turn: z.int(),
    attempt: z.int(),
    mode: turnMode,
    status: turnStatus,
    provider: z.string(),
    model: z.string(),
    contextTokens: z.int().describe('What the model takes in one prompt.'),
    promptTokens: z.int().describe('As the model counted them; by four characters each where it has not answered.'),
    messages: z.array(sentMessage).readonly(),
    tools: z.array(offeredTool).readonly(),
    reply: sessionTurnEventData['session.model_replied'].nullable(),
    failure: sessionTurnEventData['session.model_failed'].nullable(),
  })
  .meta({ id: 'ConversationTurn' })
export type ConversationTurn = Readonly<z.infer<typeof conversationTurn>>
