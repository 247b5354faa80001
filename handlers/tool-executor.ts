// Runs a requested tool call: begun on the log before it starts, recorded after, never run twice unless that is safe.

import type { CommandBus } from '../commands/command.ts'
import type { SessionReader } from '../commands/command-bus.ts'
import { maskText } from '../domain/masking/mask.ts'
import { valueAt } from '../domain/persistent-map.ts'
import { isOver } from '../domain/session/chat.ts'
import { bytesPerToken } from '../domain/session/condense-result.ts'
import { isSettled } from '../domain/session/session-state.ts'
import { leadsOutside } from '../domain/session/settle-built-in.ts'
import { builtInServer } from '../schemas/built-in-tools.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import type { EventOf } from '../schemas/events.ts'
import { sessionId } from '../schemas/ids.ts'
import type { OfferedTool, ToolEffect, ToolOutcome } from '../schemas/tool.ts'
import { type Abortions, sessionOver } from './abortions.ts'
import { announceProgress } from './announce-progress.ts'
import { type AskPeople, createAskPeople } from './ask-people.ts'
import { createSendFrom } from './handler-command.ts'
import { keepTrying } from './keep-trying.ts'
import type { BlobStore } from './ports/blob-store.ts'
import type { CommitFeed } from './ports/commit-feed.ts'
import type { LiveChannel } from './ports/live-channel.ts'
import type { ToolBox, ToolCallResult } from './ports/tool-box.ts'
import { done, later, type Reaction, type Reactor } from './reactor.ts'
import type { ToolsOf } from './replayed-tools.ts'
import type { StoreText } from './store-text.ts'

export interface ToolExecutorDependencies {
  readonly abortions: Abortions
  readonly bus: CommandBus
  readonly sessions: SessionReader
  readonly toolBox: ToolBox
  /** In its place for sessions that replay others; absent, none does. */
  readonly toolsOf?: ToolsOf
  readonly blobs: BlobStore
  readonly storeText: StoreText
  /** Shows how far a call is; absent, nobody is shown. */
  readonly live?: LiveChannel
  /** Tells when a person has answered what a server asks. */
  readonly feed: CommitFeed
  /** Names this process in `session.tool_call_begun`. */
  readonly worker: string
}

type Requested = RecordedEvent & EventOf<'session.tool_call_requested'>

/** How soon to look again at a call another process has begun. */
const lookAgainMs = 2_000

const unknownOutcome =
  'Outcome unknown: the call was begun and may or may not have taken effect. It is not repeated. Check the state it would have changed before going on.'

export const createToolExecutor = (dependencies: ToolExecutorDependencies): Reactor => {
  const { abortions, bus, sessions, toolBox, toolsOf, blobs, storeText, live, feed, worker } = dependencies
  const send = createSendFrom(bus, 'tool-executor')
  const askPeople: AskPeople = createAskPeople({ send, sessions, feed })
  const running = new Set<string>()

  const execute = async (commit: Commit, event: Requested, signal: AbortSignal): Promise<Reaction> => {
    const { toolCallId, effect } = event.data
    if (running.has(toolCallId)) return later(lookAgainMs)
    const id = sessionId.parse(commit.stream.id)
    const state = await sessions.session(commit.stream.org, id, commit.sequence)
    const call = state.status === 'absent' ? undefined : valueAt(state.toolCalls, toolCallId)
    if (state.status === 'absent' || call === undefined || isSettled(call)) return done
    if (isOver(state, call.executionId)) return done
    const replays = state.fork?.kind === 'replay'
    if (event.data.server === builtInServer && !replays) return done

    if (call.attempt > 0 && effect === 'unsafe' && !replays) {
      await record(commit, event, 'outcome_unknown', { text: unknownOutcome }, 0, call.attempt)
      return done
    }
    const attempt = call.attempt + 1
    const offered = state.executions[event.data.executionId]?.tools?.find(
      (each) => each.server === event.data.server && each.tool === event.data.tool,
    )
    const begun = await send(commit, event.id, `${toolCallId}:begin:${attempt}:${worker}`, 'BeginToolCall', {
      sessionId: id,
      toolCallId,
      attempt,
      worker,
    })
    // Somebody else began this attempt: it is theirs, unless they die; then we see it again.
    if (begun.kind === 'unchanged') return later(lookAgainMs)
    if (begun.kind === 'rejected') return done

    running.add(toolCallId)
    try {
      const longest = state.executions[event.data.executionId]?.agent.summarizeResults?.overTokens
      const tools = (await toolsOf?.(commit.stream.org, state)) ?? toolBox
      const longestBytes = longest === undefined ? undefined : longest * bytesPerToken
      await run(commit, event, tools, offered, attempt, longestBytes, signal)
    } finally {
      running.delete(toolCallId)
    }
    return done
  }

  const run = async (
    commit: Commit,
    event: Requested,
    tools: ToolBox,
    offered: OfferedTool | undefined,
    attempt: number,
    longest: number | undefined,
    signal: AbortSignal,
  ): Promise<void> => {
    const { toolCallId, executionId, server, tool, effect } = event.data
    const started = performance.now()
    const took = (): number => Math.round(performance.now() - started)
    const asking = askPeople({ commit, event, attempt, signal })
    let result: ToolCallResult
    try {
      result = await tools.call(
        {
          executionId,
          server,
          tool,
          arguments: event.data.arguments,
          toolCallId,
          offered,
          traceparent: commit.traceparent,
        },
        signal,
        {
          onProgress: live && announceProgress(live, commit.stream.org, { ...progressOf(commit, event), attempt }),
          ask: asking.ask,
        },
      )
    } catch (error) {
      if (!signal.aborted) throw error
      // When the process stops, the log says "begun" and the next process decides what that means for this tool.
      if (signal.reason !== sessionOver) throw signal.reason
      const outcome = effect === 'unsafe' ? 'outcome_unknown' : 'failed'
      const aborted = { text: 'Aborted: the session or its agent ended during the call.' }
      const durationMs = took()
      await keepTrying(() => record(commit, event, outcome, aborted, durationMs, attempt), signal)
      return
    }
    const durationMs = took()
    const said = [textOf(result, effect), ...asking.refusals()].join('\n')
    const text = maskText(said, { groups: ['secrets', 'kubernetes'] }).text
    // The call has run: a log that is away now must not make its outcome unknown.
    await keepTrying(async () => {
      const attachments = result.kind === 'answered' ? await storeAttachments(result.attachments) : []
      const content = await storeText(text, undefined, longest)
      await record(commit, event, outcomeOf(result, effect), content, durationMs, attempt, attachments)
    }, signal)
  }

  const executeUnlessEnded = async (commit: Commit, event: Requested): Promise<Reaction> => {
    const own = abortions.openFor(commit, event.data.executionId)
    try {
      return await execute(commit, event, own.signal)
    } finally {
      own.close()
    }
  }

  type Attachment = { type: string; mediaType: string; blob: string; bytes: number }
  type Answered = Extract<ToolCallResult, { kind: 'answered' }>

  const storeAttachments = (parts: Answered['attachments']): Promise<Attachment[]> =>
    Promise.all(
      parts.map(async ({ type, mediaType, bytes }) => {
        const { sha256 } = await blobs.put(bytes, mediaType)
        return { type, mediaType, blob: sha256, bytes: bytes.byteLength }
      }),
    )

  const record = async (
    commit: Commit,
    event: Requested,
    outcome: ToolOutcome,
    content: Awaited<ReturnType<StoreText>>,
    durationMs: number,
    attempt: number,
    attachments: readonly Attachment[] = [],
  ): Promise<void> => {
    const { toolCallId } = event.data
    await send(commit, event.id, `${toolCallId}:record:${attempt}:${outcome}:${worker}`, 'RecordToolCall', {
      sessionId: sessionId.parse(commit.stream.id),
      toolCallId,
      outcome,
      content,
      ...(attachments.length > 0 && { attachments: [...attachments] }),
      durationMs,
    })
  }

  return {
    name: 'tool-executor',
    reactsTo: ['session.tool_call_requested'],
    concurrency: 256,
    react: async (commit) => {
      const calls = commit.events.filter(
        (event): event is Requested =>
          // Casebook's own tools are settled by the decider, but for a replay's that lead outside.
          event.type === 'session.tool_call_requested' &&
          (event.data.server !== builtInServer || leadsOutside(event.data.tool)),
      )
      const results = await Promise.allSettled(calls.map((event) => executeUnlessEnded(commit, event)))
      const failed = results.find((result) => result.status === 'rejected')
      if (failed !== undefined) throw failed.reason
      return (
        results
          .map((result) => (result.status === 'fulfilled' ? result.value : done))
          .find(({ kind }) => kind === 'later') ?? done
      )
    },
    giveUp: async (commit, reason) => {
      const id = sessionId.parse(commit.stream.id)
      const state = await sessions.session(commit.stream.org, id, commit.sequence)
      for (const event of commit.events) {
        if (event.type !== 'session.tool_call_requested' || state.status === 'absent') continue
        if (event.data.server === builtInServer) continue
        const { toolCallId, effect } = event.data
        const call = valueAt(state.toolCalls, toolCallId)
        if (call === undefined || isSettled(call)) continue
        const begun = call.attempt > 0 && effect === 'unsafe'
        const text = maskText(`Casebook could not carry out this call: ${reason}`, { groups: ['secrets'] }).text
        const content = { text: begun ? `${text}\n${unknownOutcome}` : text }
        await record(commit, event, begun ? 'outcome_unknown' : 'failed', content, 0, call.attempt)
      }
    },
  }
}

const progressOf = (commit: Commit, { data: { executionId, turn, toolCallId, name } }: Requested) => ({
  sessionId: sessionId.parse(commit.stream.id),
  executionId,
  turn,
  toolCallId,
  toolName: name,
})

const outcomeOf = (result: ToolCallResult, effect: ToolEffect): ToolOutcome => {
  switch (result.kind) {
    case 'answered':
      return result.isError ? 'tool_error' : 'succeeded'
    case 'not_run':
      return 'failed'
    case 'unknown':
      return effect === 'unsafe' ? 'outcome_unknown' : 'failed'
  }
}

const textOf = (result: ToolCallResult, effect: ToolEffect): string => {
  switch (result.kind) {
    case 'answered':
      return result.text === '' ? '(the tool returned nothing)' : result.text
    case 'not_run':
      return `The call did not run: ${result.message}`
    case 'unknown':
      return effect === 'unsafe' ? `${result.message}\n${unknownOutcome}` : `The call gave no answer: ${result.message}`
  }
}
