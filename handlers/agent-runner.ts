// Asks the model for one turn: builds the prompt from the fold, streams the reply, reports it; the decider does the rest.
import type { CommandBus } from '../commands/command.ts'
import type { SessionReader } from '../commands/command-bus.ts'
import { maskText } from '../domain/masking/mask.ts'
import { unknownTools } from '../domain/plan/apply-overrides.ts'
import { isToolOffered } from '../domain/plan/tool-offered.ts'
import { parseReact } from '../domain/prompt/react.ts'
import { toolsSent } from '../domain/prompt/tools-sent.ts'
import { builtInToolsOf } from '../domain/session/built-in-tools.ts'
import { isOver } from '../domain/session/chat.ts'
import type { Execution, OpenTurn, PresentSession } from '../domain/session/session-state.ts'
import type { CommandData } from '../schemas/commands.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import type { EventOf } from '../schemas/events.ts'
import type { Citation } from '../schemas/model.ts'
import { type Abortions, unlessOver } from './abortions.ts'
import { announceDeltas } from './announce-deltas.ts'
import { type CheckArguments, checkProposed } from './check-proposed.ts'
import type { DayLedger } from './day-ledger.ts'
import { fitTools } from './fit-tools.ts'
import { createFittingPrompt } from './fitting-prompt.ts'
import { createSendFrom } from './handler-command.ts'
import { keepTrying } from './keep-trying.ts'
import { type LanguageModel, ModelFailed, type ModelReply } from './ports/language-model.ts'
import type { LiveChannel } from './ports/live-channel.ts'
import type { ToolBox } from './ports/tool-box.ts'
import { done, type Reactor } from './reactor.ts'
import type { ToolsOf } from './replayed-tools.ts'
import type { StoreText } from './store-text.ts'
import { waitUntil } from './wait-until.ts'

export interface AgentRunnerDependencies {
  readonly abortions: Abortions
  readonly bus: CommandBus
  readonly sessions: SessionReader
  readonly model: LanguageModel
  readonly dayLedger: DayLedger
  readonly toolBox: Pick<ToolBox, 'list'>
  /** In its place for sessions that replay others; absent, none does. */
  readonly toolsOf?: ToolsOf
  readonly live: LiveChannel
  readonly storeText: StoreText
  readonly checkArguments: CheckArguments
}

type TurnRequested = RecordedEvent & EventOf<'session.turn_requested'>

export const createAgentRunner = (dependencies: AgentRunnerDependencies): Reactor => {
  const { abortions, bus, sessions, model, dayLedger, toolBox, toolsOf, live, storeText, checkArguments } = dependencies
  const send = createSendFrom(bus, 'agent-runner')

  const runTurn = async (commit: Commit, event: TurnRequested, signal: AbortSignal): Promise<void> => {
    const { executionId, turn, attempt, notBefore } = event.data
    if (notBefore !== undefined) await waitUntil(notBefore, signal)
    const current = await stillOpen(commit, event)
    if (current === null) return
    const { state, open } = current
    const execution = await withTools(commit, event, state, current.execution, signal)
    if (execution === null) return
    const held = await dayLedger.holds(commit, state, execution)
    if (held !== null) {
      const turnAt = { sessionId: state.id, executionId, turn, attempt }
      await send(commit, event.id, `${executionId}:${turn}:${attempt}:held`, 'HoldTurn', { ...turnAt, ...held })
      return
    }
    const messages = await fittingPrompt({ commit, event, signal }, state, execution, open)

    const { controller } = execution.agent
    const work = `${executionId}:${turn}:${attempt}`
    const delta = announceDeltas(live, commit.stream.org, { sessionId: state.id, executionId, turn, attempt })
    let reply: ModelReply
    try {
      const spoken = await model.reply(
        {
          provider: execution.agent.provider,
          model: execution.agent.model,
          temperature: execution.agent.temperature,
          webSearch: execution.agent.webSearch,
          messages,
          tools: toolsSent(execution, open),
        },
        delta,
        signal,
      )
      reply = controller === 'react' ? readReact(spoken) : spoken
    } catch (error) {
      if (!(error instanceof ModelFailed)) throw error
      const failure: CommandData<'RecordModelFailure'> = {
        sessionId: state.id,
        executionId,
        turn,
        attempt,
        class: error.class,
        message: masked(error.message).slice(0, 4000),
        ...(error.retryAfterMs !== undefined && { retryAfterMs: Math.ceil(error.retryAfterMs) }),
        ...(error.partialText !== undefined && { partialText: masked(error.partialText).slice(-4000) }),
      }
      await keepTrying(() => send(commit, event.id, `${work}:failed`, 'RecordModelFailure', failure), signal)
      return
    }
    const toolCalls = checkProposed(execution, reply.toolCalls, checkArguments)
    const { org } = commit.stream
    const toolCallsLeft =
      toolCalls.length === 0 ? undefined : await keepTrying(() => dayLedger.toolCallsLeft(org), signal)
    await keepTrying(
      async () =>
        send(commit, event.id, `${work}:replied`, 'RecordModelReply', {
          sessionId: state.id,
          executionId,
          turn,
          text: await storeText(masked(reply.text)),
          ...(reply.thinking !== undefined && { thinking: await storeText(masked(reply.thinking)) }),
          ...(reply.citations !== undefined && { citations: reply.citations.slice(0, 50).map(maskedCitation) }),
          toolCalls: [...toolCalls],
          finishReason: reply.finishReason,
          usage: reply.usage,
          ...(reply.costMicros !== undefined && { costMicros: reply.costMicros }),
          by: reply.by,
          ...(toolCallsLeft !== undefined && { toolCallsLeft }),
          ...(dayLedger.countsDollars(org) && { dollarsOfDay: true }),
          durationMs: Math.round(reply.durationMs),
          ...(reply.firstTokenMs !== undefined && { firstTokenMs: Math.round(reply.firstTokenMs) }),
        }),
      signal,
    )
  }

  const fittingPrompt = createFittingPrompt({ send, sessions, model, storeText })

  /** The session as of the request, if the turn still waits for this very attempt. */
  const stillOpen = async (
    commit: Commit,
    event: TurnRequested,
  ): Promise<{ state: PresentSession; execution: Execution; open: OpenTurn } | null> => {
    const state = await sessions.session(commit.stream.org, sessionIdOf(commit), commit.sequence)
    if (state.status === 'absent') return null
    const execution = state.executions[event.data.executionId]
    const open = execution?.openTurn ?? null
    if (execution === undefined || open === null || isOver(state, execution.id)) return null
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
    const box = (await toolsOf?.(commit.stream.org, state)) ?? toolBox
    const listed = await box.list(execution.id, execution.agent.mcpServers, signal)
    const unknown = unknownTools(execution.agent, listed.tools, listed.unavailable)
    const offered = listed.tools.filter(({ name }) => isToolOffered(execution.agent, name))
    const { tools, unavailable } = fitTools({
      ...listed,
      tools: [...builtInToolsOf(execution, state.plan?.helperAgents), ...offered],
    })
    const outcome = await send(commit, event.id, `${execution.id}:tools`, 'OfferTools', {
      sessionId: state.id,
      executionId: execution.id,
      tools: [...tools],
      unavailable: unavailable.map(({ server, reason }) => ({ server, reason: masked(reason).slice(0, 2000) })),
      ...(unknown.length > 0 && { unknown: unknown.map((fault) => fault.slice(0, 2000)) }),
    })
    if (outcome.kind === 'rejected') return null
    const sequence = outcome.sequence
    const after = await sessions.session(commit.stream.org, state.id, sequence)
    const own = after.status === 'absent' ? undefined : after.executions[execution.id]
    return own?.status === 'running' ? own : null
  }

  return {
    name: 'agent-runner',
    reactsTo: ['session.turn_requested'],
    concurrency: 1024,
    react: async (commit) => {
      const work = commit.events.map(async (event) => {
        if (event.type !== 'session.turn_requested') return
        const own = abortions.openFor(commit, event.data.executionId)
        try {
          await unlessOver(runTurn(commit, event, own.signal), own.signal)
        } finally {
          own.close()
        }
      })
      await allOf(work)
      return done
    },
    giveUp: async (commit, reason) => {
      for (const event of commit.events) {
        if (event.type !== 'session.turn_requested') continue
        const { executionId, turn, attempt } = event.data
        await send(commit, event.id, `${executionId}:${turn}:${attempt}:given-up`, 'RecordModelFailure', {
          sessionId: sessionIdOf(commit),
          executionId,
          turn,
          attempt,
          class: 'other',
          message: masked(`Casebook could not carry out this turn: ${reason}`).slice(0, 4000),
        })
      }
    },
  }
}

const sessionIdOf = (commit: Commit): PresentSession['id'] => commit.stream.id as PresentSession['id']

const maskedCitation = ({ url, title }: Citation): Citation => ({
  url: masked(url),
  ...(title !== undefined && { title: masked(title) }),
})

const masked = (text: string): string => maskText(text, { groups: ['secrets'] }).text

/** Waits for all, then throws the first failure: nothing is left running behind a settled delivery. */
const allOf = async (work: readonly Promise<void>[]): Promise<void> => {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

/** A ReAct agent asks for tools in words. */
const readReact = (spoken: ModelReply): ModelReply => {
  const { text, thinking, calls } = parseReact(spoken.text)
  return {
    ...spoken,
    text,
    toolCalls: calls,
    ...(thinking !== undefined && { thinking: spoken.thinking ?? thinking }),
    finishReason: calls.length > 0 ? 'tool_calls' : spoken.finishReason,
  }
}
