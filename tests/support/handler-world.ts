// The write side in memory with fakes at every edge: what handlers do is seen event by event, without a server.
import type { CommandOutcome } from '../../commands/command.ts'
import { createCommandBus } from '../../commands/command-bus.ts'
import type { EventLog } from '../../commands/event-log.ts'
import { createAbortions } from '../../handlers/abortions.ts'
import { createDayLedger } from '../../handlers/day-ledger.ts'
import {
  type LanguageModel,
  ModelFailed,
  type ModelReply,
  type ModelRequest,
} from '../../handlers/ports/language-model.ts'
import type { ToolBox, ToolCallRequest, ToolCallResult, ToolListing } from '../../handlers/ports/tool-box.ts'
import { type Reactor, startReactor } from '../../handlers/reactor.ts'
import { createStoreText } from '../../handlers/store-text.ts'
import { createMemoryBlobStore } from '../../infra/memory/memory-blob-store.ts'
import { createMemoryEventLog } from '../../infra/memory/memory-event-log.ts'
import type { PinnedAgent } from '../../schemas/agent-definition.ts'
import { type DayBudgets, dayBudgets } from '../../schemas/budget.ts'
import type { CommandData, CommandOf, CommandType } from '../../schemas/commands.ts'
import type { Commit, RecordedEvent } from '../../schemas/commit.ts'
import { commandId, correlationId, orgId, type SessionId } from '../../schemas/ids.ts'
import type { LiveDelta } from '../../schemas/live-delta.ts'
import { type QueueSettings, queueSettings } from '../../schemas/queue.ts'
import { createMemoryCommitSource, type MemoryCommitSourceOptions } from './memory-commit-source.ts'
import { agent, execution, plan, session, tools } from './session-samples.ts'

export const org = orgId.parse('default')
export const neverAborted = new AbortController().signal

type ModelScript = (request: ModelRequest, signal: AbortSignal, number: number) => Promise<Partial<ModelReply>>
type ToolScript = (request: ToolCallRequest, signal: AbortSignal) => Promise<ToolCallResult>

export const answeredWith = (text: string): ToolCallResult => ({
  kind: 'answered',
  isError: false,
  text,
  attachments: [],
})

/** A promise that only its signal ends, as a hanging call does. */
export const hangs = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    if (signal.aborted) reject(signal.reason)
  })

export interface HandlerWorldOptions extends MemoryCommitSourceOptions {
  /** Stands between the handlers and the log, to fail as a test says. */
  readonly through?: (log: EventLog) => EventLog
  /** Of sessions at work at once; without it nobody waits. */
  readonly limits?: QueueSettings
  readonly mayErase?: () => Promise<void>
}

export const createHandlerWorld = (options: HandlerWorldOptions = {}) => {
  const log = createMemoryEventLog()
  const limits = (): QueueSettings => options.limits ?? queueSettings.parse({})
  const bus = createCommandBus(options.through?.(log) ?? log, { limits })
  const direct = createCommandBus(log, { limits, mayErase: options.mayErase })
  const source = createMemoryCommitSource(log, options)
  const abortions = createAbortions(log)
  const blobs = createMemoryBlobStore()
  const lines: { readonly level: string; readonly message: string }[] = []
  const note = (level: string) => (_: object, message: string) => {
    lines.push({ level, message })
  }
  const deltas: LiveDelta[] = []
  const asked: ModelRequest[] = []
  const called: ToolCallRequest[] = []
  let listings = 0
  let sent = 0

  const scripts: { model: ModelScript; tool: ToolScript; listing: ToolListing; dayBudgets: DayBudgets } = {
    model: () => Promise.resolve({ text: 'The conclusion.' }),
    tool: ({ tool }) => Promise.resolve(answeredWith(`${tool} answered`)),
    listing: { tools, unavailable: [] },
    dayBudgets: dayBudgets.parse({}),
  }
  const model: LanguageModel = {
    reply: async (request, onDelta, signal) => {
      asked.push(request)
      const reply = await scripts.model(request, signal, asked.length)
      if (reply.text !== undefined) onDelta({ kind: 'text', text: reply.text })
      return {
        text: '',
        toolCalls: [],
        finishReason: 'stop',
        usage: { inputTokens: 1, outputTokens: 1 },
        by: { provider: 'fake', model: 'fake', simulated: false },
        durationMs: 1,
        ...reply,
      }
    },
  }
  const toolBox: ToolBox = {
    list: () => {
      listings++
      return Promise.resolve(scripts.listing)
    },
    call: (request, signal) => {
      called.push(request)
      return scripts.tool(request, signal)
    },
    release: () => Promise.resolve(),
  }

  /** Past the handlers' bus: what a test or another process sends. */
  const send = <T extends CommandType>(type: T, data: CommandData<T>): Promise<CommandOutcome> => {
    sent++
    const body = { type, data } as CommandOf<CommandType>
    return direct.send({
      ...body,
      metadata: {
        org,
        commandId: commandId.parse(`test:${sent}`),
        actor: { kind: 'handler', id: 'test' },
        at: new Date().toISOString(),
        correlationId: correlationId.parse('test'),
        causationId: 'test',
      },
    })
  }

  const open = (sessionId: SessionId, more: Partial<CommandData<'StartSession'>> = {}): Promise<CommandOutcome> =>
    send('StartSession', {
      sessionId,
      title: 'Disk full',
      input: { text: 'why?' },
      origin: { kind: 'request' },
      labels: {},
      ...more,
    })

  const commits = (): readonly Commit[] => log.entries.map(({ commit }) => commit)
  const events = (): readonly RecordedEvent[] => commits().flatMap((commit) => commit.events)

  return {
    log,
    bus,
    source,
    abortions,
    blobs,
    storeText: createStoreText(blobs),
    live: { publish: (_: unknown, delta: LiveDelta): void => void deltas.push(delta) },
    model,
    toolBox,
    dayLedger: createDayLedger({ bus, ledgers: bus, budgets: () => scripts.dayBudgets }),
    scripts,
    lines,
    deltas,
    asked,
    called,
    listings: () => listings,
    send,
    start: (reactor: Reactor, ackWaitMs?: number) =>
      startReactor(reactor, {
        source,
        abortions,
        log: { info: note('info'), warn: note('warn'), error: note('error') },
        ...(ackWaitMs !== undefined && { ackWaitMs }),
      }),
    open,
    /** A session in the middle of its first turn, with its tools offered. */
    startSession: async (changes: Partial<PinnedAgent> = {}, offered = true): Promise<void> => {
      await open(session)
      const limits = { modelAttempts: 3, modelBackoffMs: 1 }
      await send('AdoptPlan', { sessionId: session, plan: { ...plan(agent(changes)), limits } })
      if (offered) {
        await send('OfferTools', { sessionId: session, executionId: execution(1), tools, unavailable: [] })
      }
    },
    /** The model asks for these tools in its turn. */
    propose: (turn: number, ...names: readonly string[]): Promise<CommandOutcome> =>
      send('RecordModelReply', {
        sessionId: session,
        executionId: execution(1),
        turn,
        text: { text: '' },
        toolCalls: names.map((name) => ({
          proposed: { name: `host__${name}`, arguments: '{}' },
          parsed: { kind: 'valid', arguments: {} },
        })),
        finishReason: 'tool_calls',
        usage: { inputTokens: 1, outputTokens: 1 },
        by: { provider: 'fake', model: 'fake', simulated: false },
        durationMs: 1,
      }),
    commits,
    events,
    /** Commit that holds the latest event of a type. */
    commitWith: (type: string): Commit => {
      const commit = commits().findLast((each) => each.events.some((event) => event.type === type))
      if (commit === undefined) throw new Error(`no ${type} on the log`)
      return commit
    },
    /** Data of the events of one type. */
    dataOf: (type: string): readonly Readonly<Record<string, unknown>>[] =>
      events().flatMap((event) => (event.type === type ? [event.data as Readonly<Record<string, unknown>>] : [])),
    state: async () => {
      const state = await direct.session(org, session)
      if (state.status === 'absent') throw new Error('there is no session')
      return state
    },
  }
}

export type HandlerWorld = ReturnType<typeof createHandlerWorld>

export const modelFails = (
  failureClass: ModelFailed['class'],
  message = 'it failed',
  partialText?: string,
): ModelFailed => new ModelFailed(failureClass, message, partialText === undefined ? {} : { partialText })
