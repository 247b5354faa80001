// Sums up a tool result that is longer than its agent is to be shown; the result itself stays whole where it was stored.

import type { CommandBus } from '../commands/command.ts'
import type { SessionReader } from '../commands/command-bus.ts'
import { maskText } from '../domain/masking/mask.ts'
import { valueAt } from '../domain/persistent-map.ts'
import { resultSummaryPrompt } from '../domain/prompt/result-summary-prompt.ts'
import { isOver } from '../domain/session/chat.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import type { EventOf } from '../schemas/events.ts'
import { sessionId } from '../schemas/ids.ts'
import { type Abortions, unlessOver } from './abortions.ts'
import type { DayLedger } from './day-ledger.ts'
import { createSendFrom } from './handler-command.ts'
import { keepTrying } from './keep-trying.ts'
import type { BlobStore } from './ports/blob-store.ts'
import { type LanguageModel, ModelFailed, type ModelReply } from './ports/language-model.ts'
import { done, type Reactor } from './reactor.ts'
import type { StoreText } from './store-text.ts'
import { waitUntil } from './wait-until.ts'

export interface ResultSummarizerDependencies {
  readonly abortions: Abortions
  readonly bus: CommandBus
  readonly sessions: SessionReader
  readonly model: LanguageModel
  readonly dayLedger: Pick<DayLedger, 'holds'>
  readonly blobs: Pick<BlobStore, 'get'>
  readonly storeText: StoreText
}

type Requested = RecordedEvent & EventOf<'session.result_summary_requested'>

export const createResultSummarizer = (dependencies: ResultSummarizerDependencies): Reactor => {
  const { abortions, bus, sessions, model, dayLedger, blobs, storeText } = dependencies
  const send = createSendFrom(bus, 'result-summarizer')

  const summarize = async (commit: Commit, event: Requested, signal: AbortSignal): Promise<void> => {
    const { toolCallId, executionId, attempt, notBefore } = event.data
    if (notBefore !== undefined) await waitUntil(notBefore, signal)
    const id = sessionId.parse(commit.stream.id)
    const state = await sessions.session(commit.stream.org, id, commit.sequence)
    if (state.status === 'absent' || isOver(state, executionId)) return
    const execution = state.executions[executionId]
    const call = valueAt(state.toolCalls, toolCallId)
    if (execution === undefined || call === undefined || call.result === null) return
    if (call.condensed?.status !== 'requested' || call.condensed.attempt !== attempt) return
    if ((await dayLedger.holds(commit, state, execution)) !== null) {
      const message = "the org's budget of the day is used up"
      await fail(commit, event, 'held', { class: 'other', message, retryAfterMs: undefined })
      return
    }
    const { blob, text } = call.result
    const bytes = blob === undefined ? null : await blobs.get(blob.sha256)
    const messages = resultSummaryPrompt(
      state,
      execution,
      call,
      bytes === null ? text : new TextDecoder().decode(bytes),
    )
    const settings = execution.agent.summarizeResults
    if (messages === undefined || settings === undefined) return

    let reply: ModelReply
    try {
      const { provider, model: name } = call.condensed.by ?? settings
      reply = await model.reply({ provider, model: name, messages, tools: [] }, () => undefined, signal)
      if (reply.text.trim() === '') throw new ModelFailed('other', 'the model returned an empty summary')
    } catch (error) {
      if (!(error instanceof ModelFailed)) throw error
      await keepTrying(() => fail(commit, event, 'failed', error), signal)
      return
    }
    await keepTrying(
      async () =>
        send(commit, event.id, `${toolCallId}:summary:${attempt}:written`, 'RecordResultSummary', {
          sessionId: id,
          toolCallId,
          text: await storeText(masked(reply.text.trim())),
          usage: reply.usage,
          by: reply.by,
          durationMs: Math.round(reply.durationMs),
          ...(reply.costMicros !== undefined && { costMicros: reply.costMicros }),
        }),
      signal,
    )
  }

  const fail = (
    commit: Commit,
    event: Requested,
    how: string,
    failure: Pick<ModelFailed, 'class' | 'message' | 'retryAfterMs'>,
  ) => {
    const { toolCallId, attempt } = event.data
    return send(commit, event.id, `${toolCallId}:summary:${attempt}:${how}`, 'RecordResultSummaryFailure', {
      sessionId: sessionId.parse(commit.stream.id),
      toolCallId,
      attempt,
      class: failure.class,
      message: masked(failure.message).slice(0, 4000),
      ...(failure.retryAfterMs !== undefined && { retryAfterMs: Math.ceil(failure.retryAfterMs) }),
    })
  }

  return {
    name: 'result-summarizer',
    reactsTo: ['session.result_summary_requested'],
    concurrency: 256,
    react: async (commit) => {
      const work = commit.events.map(async (event) => {
        if (event.type !== 'session.result_summary_requested') return
        const own = abortions.openFor(commit, event.data.executionId)
        try {
          await unlessOver(summarize(commit, event, own.signal), own.signal)
        } finally {
          own.close()
        }
      })
      const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected')
      if (failed !== undefined) throw failed.reason
      return done
    },
    giveUp: async (commit, reason) => {
      for (const event of commit.events) {
        if (event.type !== 'session.result_summary_requested') continue
        const message = `Casebook could not have it written: ${reason}`
        await fail(commit, event, 'given-up', { class: 'other', message, retryAfterMs: undefined })
      }
    },
  }
}

const masked = (text: string): string => maskText(text, { groups: ['secrets'] }).text
