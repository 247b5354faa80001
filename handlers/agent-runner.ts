// Asks the model for one turn: builds the prompt from the fold, streams the reply, reports it; the decider does the rest.
import type { CommandBus } from '../commands/command.ts'
import type { SessionReader } from '../commands/command-bus.ts'
import { maskText } from '../domain/masking/mask.ts'
import { isToolOffered } from '../domain/plan/tool-offered.ts'
import { conversationOf } from '../domain/prompt/conversation.ts'
import type { Execution, OpenTurn, PresentSession } from '../domain/session/session-state.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import type { EventOf } from '../schemas/events.ts'
import type { CheckedToolCall } from '../schemas/session-commands.ts'
import type { OfferedTool } from '../schemas/tool.ts'
import { sessionOver } from './abortions.ts'
import { announceDeltas } from './announce-deltas.ts'
import { createSendFrom } from './handler-command.ts'
import { type LanguageModel, ModelFailed, type ModelReply } from './ports/language-model.ts'
import type { LiveChannel } from './ports/live-channel.ts'
import type { ToolBox } from './ports/tool-box.ts'
import { done, type Reactor } from './reactor.ts'
import type { StoreText } from './store-text.ts'
import { waitUntil } from './wait-until.ts'

/** Parses and checks the arguments a model wrote against the tool's schema. */
export type CheckArguments = (tool: OfferedTool, written: string) => CheckedToolCall['parsed']

export interface AgentRunnerDependencies {
  readonly bus: CommandBus
  readonly sessions: SessionReader
  readonly model: LanguageModel
  readonly toolBox: ToolBox
  readonly live: LiveChannel
  readonly storeText: StoreText
  readonly checkArguments: CheckArguments
}

type TurnRequested = RecordedEvent & EventOf<'session.turn_requested'>

export const createAgentRunner = (dependencies: AgentRunnerDependencies): Reactor => {
  const { bus, sessions, model, toolBox, live, storeText, checkArguments } = dependencies
  const send = createSendFrom(bus, 'agent-runner')

  const runTurn = async (commit: Commit, event: TurnRequested, signal: AbortSignal): Promise<void> => {
    const { executionId, turn, attempt, notBefore } = event.data
    if (notBefore !== undefined) await waitUntil(notBefore, signal)
    const current = await stillOpen(commit, event)
    if (current === null) return
    const { state, open } = current
    const execution = await withTools(commit, event, state, current.execution, signal)
    if (execution === null) return

    const mayCall = execution.agent.controller === 'native_tools' && open.mode !== 'forced_conclusion'
    const work = `${executionId}:${turn}:${attempt}`
    const delta = announceDeltas(live, commit.stream.org, { sessionId: state.id, executionId, turn, attempt })
    let reply: ModelReply
    try {
      reply = await model.reply(
        {
          provider: execution.agent.provider,
          model: execution.agent.model,
          temperature: execution.agent.temperature,
          messages: conversationOf(state, execution, open),
          tools: mayCall ? (execution.tools ?? []) : [],
        },
        delta,
        signal,
      )
    } catch (error) {
      if (!(error instanceof ModelFailed)) throw error
      await send(commit, event.id, `${work}:failed`, 'RecordModelFailure', {
        sessionId: state.id,
        executionId,
        turn,
        attempt,
        class: error.class,
        message: masked(error.message).slice(0, 4000),
        ...(error.retryAfterMs !== undefined && { retryAfterMs: Math.ceil(error.retryAfterMs) }),
        ...(error.partialText !== undefined && { partialText: masked(error.partialText).slice(-4000) }),
      })
      return
    }
    await send(commit, event.id, `${work}:replied`, 'RecordModelReply', {
      sessionId: state.id,
      executionId,
      turn,
      text: await storeText(masked(reply.text)),
      ...(reply.thinking !== undefined && { thinking: await storeText(masked(reply.thinking)) }),
      toolCalls: reply.toolCalls.slice(0, 64).map((proposed) => checked(execution, proposed)),
      finishReason: reply.finishReason,
      usage: reply.usage,
      by: reply.by,
      durationMs: Math.round(reply.durationMs),
      ...(reply.firstTokenMs !== undefined && { firstTokenMs: Math.round(reply.firstTokenMs) }),
    })
  }

  /** The session as of the request, if the turn still waits for this very attempt. */
  const stillOpen = async (
    commit: Commit,
    event: TurnRequested,
  ): Promise<{ state: PresentSession; execution: Execution; open: OpenTurn } | null> => {
    const state = await sessions.session(commit.stream.org, sessionIdOf(commit), commit.sequence)
    if (state.status === 'absent' || state.ended !== null) return null
    const execution = state.executions[event.data.executionId]
    const open = execution?.openTurn ?? null
    if (execution === undefined || open === null) return null
    return open.turn === event.data.turn && open.attempt === event.data.attempt ? { state, execution, open } : null
  }

  /** Lists the tools at an execution's first turn and pins them on the log. */
  const withTools = async (
    commit: Commit,
    event: TurnRequested,
    state: PresentSession,
    execution: Execution,
    signal: AbortSignal,
  ): Promise<Execution | null> => {
    if (execution.tools !== null || execution.agent.controller === 'single_shot') return execution
    const { tools, unavailable } = await toolBox.list(execution.id, execution.agent.mcpServers, signal)
    const outcome = await send(commit, event.id, `${execution.id}:tools`, 'OfferTools', {
      sessionId: state.id,
      executionId: execution.id,
      tools: tools.filter(({ name }) => isToolOffered(execution.agent, name)),
      unavailable: unavailable.map(({ server, reason }) => ({ server, reason: masked(reason).slice(0, 2000) })),
    })
    if (outcome.kind === 'rejected') return null
    const sequence = outcome.sequence
    const offered = await sessions.session(commit.stream.org, state.id, sequence)
    return offered.status === 'absent' ? null : (offered.executions[execution.id] ?? null)
  }

  const checked = (execution: Execution, proposed: CheckedToolCall['proposed']): CheckedToolCall => {
    const safe = { name: proposed.name.slice(0, 200), arguments: masked(proposed.arguments) }
    const tool = execution.tools?.find(({ name }) => name === safe.name)
    return {
      proposed: safe,
      parsed:
        tool === undefined
          ? { kind: 'invalid', message: `There is no tool "${safe.name}".` }
          : checkArguments(tool, safe.arguments),
    }
  }

  return {
    name: 'agent-runner',
    reactsTo: ['session.turn_requested', 'session.execution_ended'],
    concurrency: 1024,
    react: async (commit, signal) => {
      const work = commit.events.map(async (event) => {
        if (event.type === 'session.turn_requested') {
          await runTurn(commit, event, signal).catch((error: unknown) => {
            // The session ended while the model was speaking: there is nobody left to tell.
            if (!(signal.aborted && signal.reason === sessionOver)) throw error
          })
        }
        if (event.type === 'session.execution_ended') await toolBox.release(event.data.executionId)
      })
      await allOf(work)
      return done
    },
  }
}

const sessionIdOf = (commit: Commit): PresentSession['id'] => commit.stream.id as PresentSession['id']

const masked = (text: string): string => maskText(text, { groups: ['secrets'] }).text

/** Waits for all, then throws the first failure: nothing is left running behind a settled delivery. */
const allOf = async (work: readonly Promise<void>[]): Promise<void> => {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
