// The real handlers on a real log inside this process, with a model and tools the bench brings along: nothing else is measured.
import type { NatsConnection } from '@nats-io/transport-node'
import { createCommandBus } from '../commands/command-bus.ts'
import { newCommandId, newSessionId } from '../commands/new-id.ts'
import { createAbortions } from '../handlers/abortions.ts'
import { createAgentRunner } from '../handlers/agent-runner.ts'
import { createDayLedger } from '../handlers/day-ledger.ts'
import { createPlanner } from '../handlers/planner.ts'
import type { LanguageModel } from '../handlers/ports/language-model.ts'
import type { ToolBox } from '../handlers/ports/tool-box.ts'
import { startReactor } from '../handlers/reactor.ts'
import { createStoreText } from '../handlers/store-text.ts'
import { createSummarizer } from '../handlers/summarizer.ts'
import { createToolExecutor } from '../handlers/tool-executor.ts'
import { startCommitFeed } from '../infra/commit-feed.ts'
import { createDeadLetters } from '../infra/jetstream/dead-letters.ts'
import { createJetStreamCommitSource } from '../infra/jetstream/jetstream-commit-source.ts'
import { createJetStreamEventLog } from '../infra/jetstream/jetstream-event-log.ts'
import { createJetStreamLogReader } from '../infra/jetstream/jetstream-log-reader.ts'
import { createMemoryBlobStore } from '../infra/memory/memory-blob-store.ts'
import type { Configuration } from '../schemas/agent-definition.ts'
import { correlationId, orgId, type SessionId } from '../schemas/ids.ts'
import { quiet } from '../tests/support/servers.ts'

const org = orgId.parse('bench')

export interface InProcess {
  /** Resolves when the session has ended. */
  readonly run: () => Promise<SessionId>
  /** Appends so far, and how many of them found that somebody had been first. */
  readonly appends: () => { readonly accepted: number; readonly conflicts: number }
  readonly stop: () => Promise<void>
}

export const startInProcess = async (
  connection: NatsConnection,
  {
    settings,
    model,
    toolBox,
  }: { readonly settings: Configuration; readonly model: LanguageModel; readonly toolBox: ToolBox },
): Promise<InProcess> => {
  const reader = await createJetStreamLogReader(connection, quiet)
  const feed = await startCommitFeed(reader)
  const abortions = createAbortions(feed)
  const eventLog = await createJetStreamEventLog(connection)
  let accepted = 0
  let conflicts = 0
  const bus = createCommandBus({
    ...eventLog,
    append: async (...args) => {
      const outcome = await eventLog.append(...args)
      if (outcome.kind === 'conflict') conflicts++
      else accepted++
      return outcome
    },
  })
  const source = createJetStreamCommitSource(connection, await createDeadLetters(connection), quiet)
  const storeText = createStoreText(createMemoryBlobStore())
  const sessions = bus
  const reactors = [
    createPlanner({
      bus,
      sessions,
      settings: { current: () => ({ configuration: settings, hash: 'bench' }) },
      line: { join: () => Promise.resolve() },
    }),
    createAgentRunner({
      abortions,
      bus,
      sessions,
      model,
      dayLedger: createDayLedger({ bus, ledgers: bus, budgets: () => settings.defaults.day_budgets }),
      toolBox,
      live: { publish: () => undefined },
      storeText,
      checkArguments: () => ({ kind: 'valid', arguments: {} }),
    }),
    createToolExecutor({
      abortions,
      bus,
      sessions,
      toolBox,
      blobs: createMemoryBlobStore(),
      storeText,
      feed: { subscribe: () => () => undefined },
      worker: 'bench',
    }),
    createSummarizer({ bus, sessions, model }),
  ].map((reactor) => startReactor(reactor, { source, abortions, log: quiet }))

  const waiting = new Map<string, () => void>()
  const stopWaiting = feed.subscribe((commit) => {
    if (commit.events.some(({ type }) => type === 'session.ended')) waiting.get(commit.stream.id)?.()
  })
  const run = (): Promise<SessionId> =>
    new Promise((resolve, reject) => {
      const id = newSessionId()
      waiting.set(id, () => {
        waiting.delete(id)
        resolve(id)
      })
      bus
        .send({
          type: 'StartSession',
          data: { sessionId: id, title: id, input: { text: '' }, origin: { kind: 'request' }, labels: {} },
          metadata: {
            org,
            commandId: newCommandId(),
            actor: { kind: 'user', id: 'bench' },
            at: new Date().toISOString(),
            correlationId: correlationId.parse('bench'),
            causationId: 'bench',
          },
        })
        .catch(reject)
    })

  return {
    run,
    appends: () => ({ accepted, conflicts }),
    stop: async () => {
      stopWaiting()
      await Promise.all(reactors.map((reactor) => reactor.stop(1_000)))
      abortions.stop()
      await feed.stop()
    },
  }
}
