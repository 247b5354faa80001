// Has an agent sum up its older turns before a prompt outgrows its model, and records the summary in their place.
import type { SessionReader } from '../commands/command-bus.ts'
import { maskText } from '../domain/masking/mask.ts'
import { compactionFor } from '../domain/prompt/compaction.ts'
import type { Execution, OpenTurn, PresentSession } from '../domain/session/session-state.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import type { SendFrom } from './handler-command.ts'
import { type LanguageModel, ModelFailed } from './ports/language-model.ts'
import type { StoreText } from './store-text.ts'

export interface CondenseDependencies {
  readonly send: SendFrom
  readonly sessions: SessionReader
  readonly model: LanguageModel
  readonly storeText: StoreText
}

interface Work {
  readonly commit: Commit
  readonly event: RecordedEvent
  readonly signal: AbortSignal
}

export type Condense = (work: Work, state: PresentSession, execution: Execution, open: OpenTurn) => Promise<Execution>

/** @returns the execution as it is after; unchanged when it fits, and when the model gave no summary. */
export const createCondense =
  ({ send, sessions, model, storeText }: CondenseDependencies): Condense =>
  async ({ commit, event, signal }, state, execution, open) => {
    const compaction = compactionFor(state, execution, open)
    if (compaction === undefined) return execution
    const { throughTurn, messages } = compaction
    const { provider, model: name, temperature } = execution.agent
    try {
      const request = { provider, model: name, temperature, messages, tools: [] }
      const reply = await model.reply(request, () => undefined, signal)
      if (reply.text.trim() === '') return execution
      const outcome = await send(commit, event.id, `${execution.id}:compaction:${throughTurn}`, 'RecordCompaction', {
        sessionId: state.id,
        executionId: execution.id,
        throughTurn,
        text: await storeText(maskText(reply.text, { groups: ['secrets'] }).text),
        usage: reply.usage,
        by: reply.by,
        durationMs: Math.round(reply.durationMs),
        ...(reply.costMicros !== undefined && { costMicros: reply.costMicros }),
      })
      if (outcome.kind === 'rejected') return execution
      const after = await sessions.session(commit.stream.org, state.id, outcome.sequence)
      return after.status === 'absent' ? execution : (after.executions[execution.id] ?? execution)
    } catch (error) {
      if (!(error instanceof ModelFailed)) throw error
      return execution
    }
  }
