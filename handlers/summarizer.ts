// Writes the executive summary of a finished investigation; a failure is recorded and never fails the session.

import type { CommandBus } from '../commands/command.ts'
import type { SessionReader } from '../commands/command-bus.ts'
import { maskText } from '../domain/masking/mask.ts'
import { summaryPrompt } from '../domain/prompt/summary-prompt.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import type { EventOf } from '../schemas/events.ts'
import { sessionId } from '../schemas/ids.ts'
import { unlessOver } from './abortions.ts'
import { createSendFrom } from './handler-command.ts'
import { type LanguageModel, ModelFailed, type ModelReply } from './ports/language-model.ts'
import { done, type Reactor } from './reactor.ts'
import { waitUntil } from './wait-until.ts'

export interface SummarizerDependencies {
  readonly bus: CommandBus
  readonly sessions: SessionReader
  readonly model: LanguageModel
}

export const createSummarizer = ({ bus, sessions, model }: SummarizerDependencies): Reactor => {
  const send = createSendFrom(bus, 'summarizer')

  const summarize = async (
    commit: Commit,
    event: RecordedEvent & EventOf<'session.summary_requested'>,
    signal: AbortSignal,
  ): Promise<void> => {
    const { attempt, notBefore } = event.data
    if (notBefore !== undefined) await waitUntil(notBefore, signal)
    const id = sessionId.parse(commit.stream.id)
    const state = await sessions.session(commit.stream.org, id, commit.sequence)
    if (state.status !== 'summarizing' || state.summaryAttempt !== attempt || state.plan === null) return
    const agent = state.plan.summaryAgent
    const messages = summaryPrompt(state)
    let reply: ModelReply
    try {
      const { provider, model: name } = agent.fallback?.[state.summaryFallback - 1] ?? agent
      const request = { provider, model: name, temperature: agent.temperature }
      reply = await model.reply({ ...request, messages, tools: [] }, () => undefined, signal)
      if (reply.text.trim() === '') throw new ModelFailed('other', 'The model returned an empty summary.')
    } catch (error) {
      if (!(error instanceof ModelFailed)) throw error
      await send(commit, event.id, `${id}:summary:${attempt}:failed`, 'RecordSummaryFailure', {
        sessionId: id,
        attempt,
        class: error.class,
        message: masked(error.message).slice(0, 4000),
        ...(error.retryAfterMs !== undefined && { retryAfterMs: Math.ceil(error.retryAfterMs) }),
      })
      return
    }
    await send(commit, event.id, `${id}:summary:${attempt}:written`, 'RecordSummary', {
      sessionId: id,
      text: masked(reply.text.trim()).slice(0, 20_000),
      usage: reply.usage,
      by: reply.by,
      durationMs: Math.round(reply.durationMs),
      ...(reply.costMicros !== undefined && { costMicros: reply.costMicros }),
    })
  }

  return {
    name: 'summarizer',
    reactsTo: ['session.summary_requested'],
    concurrency: 1024,
    react: async (commit, signal) => {
      for (const event of commit.events) {
        if (event.type === 'session.summary_requested') await unlessOver(summarize(commit, event, signal), signal)
      }
      return done
    },
    giveUp: async (commit, reason) => {
      const id = sessionId.parse(commit.stream.id)
      for (const event of commit.events) {
        if (event.type !== 'session.summary_requested') continue
        const { attempt } = event.data
        await send(commit, event.id, `${id}:summary:${attempt}:given-up`, 'RecordSummaryFailure', {
          sessionId: id,
          attempt,
          class: 'other',
          message: masked(`Casebook could not write it: ${reason}`).slice(0, 4000),
        })
      }
    },
  }
}

const masked = (text: string): string => maskText(text, { groups: ['secrets'] }).text
