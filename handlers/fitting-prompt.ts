// The prompt of a turn. Before it outgrows its model, the agent sums up its older turns; the summary takes their place.
import type { SessionReader } from '../commands/command-bus.ts'
import { maskText } from '../domain/masking/mask.ts'
import { compactionFor } from '../domain/prompt/compaction.ts'
import { conversationOf, wholeConversation } from '../domain/prompt/conversation.ts'
import { fitPrompt, promptCharactersOf } from '../domain/prompt/fit-prompt.ts'
import type { Execution, OpenTurn, PresentSession } from '../domain/session/session-state.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import type { ModelMessage } from '../schemas/model.ts'
import type { SendFrom } from './handler-command.ts'
import { type LanguageModel, ModelFailed } from './ports/language-model.ts'
import type { StoreText } from './store-text.ts'

export interface FittingPromptDependencies {
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

export type FittingPrompt = (
  work: Work,
  state: PresentSession,
  execution: Execution,
  open: OpenTurn,
) => Promise<readonly ModelMessage[]>

/** What cannot be summed up is shortened instead: that the model gave no summary is no failure of the turn. */
export const createFittingPrompt =
  ({ send, sessions, model, storeText }: FittingPromptDependencies): FittingPrompt =>
  async ({ commit, event, signal }, state, execution, open) => {
    const whole = wholeConversation(state, execution, open)
    const compaction = compactionFor(state, execution, whole)
    const shortened = (): readonly ModelMessage[] => fitPrompt(whole, promptCharactersOf(execution))
    if (compaction === undefined) return shortened()
    const { throughTurn, messages } = compaction
    const { provider, model: name, temperature } = execution.agent
    try {
      const request = { provider, model: name, temperature, messages, tools: [] }
      const reply = await model.reply(request, () => undefined, signal)
      if (reply.text.trim() === '') return shortened()
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
      if (outcome.kind === 'rejected') return shortened()
      const after = await sessions.session(commit.stream.org, state.id, outcome.sequence)
      const condensed = after.status === 'absent' ? undefined : after.executions[execution.id]
      return condensed === undefined ? shortened() : conversationOf(state, condensed, open)
    } catch (error) {
      if (!(error instanceof ModelFailed)) throw error
      return shortened()
    }
  }
