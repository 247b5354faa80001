// The handlers, with the model and the tools they work with.

import { hostname } from 'node:os'
import type { WriteSide } from '../commands/command-bus.ts'
import type { NamedPolicy } from '../domain/retention/rank-policies.ts'
import { readAlerts } from '../gateways/alerts/read-alerts.ts'
import { createDecideQueued } from '../gateways/bus/decide-queued.ts'
import type { HttpDependencies } from '../gateways/http/dependencies.ts'
import { createOpenAiModel } from '../gateways/llm/openai-model.ts'
import { createPriceOfReply } from '../gateways/llm/price-of-reply.ts'
import { createMcpToolBox } from '../gateways/mcp/mcp-tool-box.ts'
import { createAbortions } from '../handlers/abortions.ts'
import { startAdmission } from '../handlers/admission.ts'
import { createAgentRunner } from '../handlers/agent-runner.ts'
import { createAlertFollower } from '../handlers/alert-follower.ts'
import { type RunningArchivist, startArchivist } from '../handlers/archivist.ts'
import { createBookkeeper } from '../handlers/bookkeeper.ts'
import { createChildKeeper } from '../handlers/child-keeper.ts'
import { startCommandIntake } from '../handlers/command-intake.ts'
import { createDayLedger } from '../handlers/day-ledger.ts'
import { startIntake } from '../handlers/intake.ts'
import { createJanitor } from '../handlers/janitor.ts'
import { createPlanner } from '../handlers/planner.ts'
import { type RunningReactor, startReactor } from '../handlers/reactor.ts'
import { createRecordConfiguration } from '../handlers/record-configuration.ts'
import { releaseTools } from '../handlers/release-tools.ts'
import { createReplayJudge } from '../handlers/replay-judge.ts'
import { createToolsOf } from '../handlers/replayed-tools.ts'
import { createResultSummarizer } from '../handlers/result-summarizer.ts'
import { startRetention } from '../handlers/retention.ts'
import { createSummarizer } from '../handlers/summarizer.ts'
import { createTaskFollower } from '../handlers/task-follower.ts'
import { createTaskStarter } from '../handlers/task-starter.ts'
import { createTimekeeper } from '../handlers/timekeeper.ts'
import { createToolExecutor } from '../handlers/tool-executor.ts'
import { createCommandQueue } from '../infra/jetstream/command-queue.ts'
import { startGivenUpMessages } from '../infra/jetstream/given-up-messages.ts'
import { createJetStreamCommitSource } from '../infra/jetstream/jetstream-commit-source.ts'
import { startRetriedLetters } from '../infra/jetstream/retried-letters.ts'
import { createSessionEraser } from '../infra/session-eraser.ts'
import { readWholeLog } from '../infra/whole-log.ts'
import { eraseBlobCopies } from '../projections/blob-copies.ts'
import { blobsNamedElsewhere } from '../projections/blobs-named.ts'
import { expiredSessions } from '../projections/expired-sessions.ts'
import { forksOf } from '../projections/forks-of.ts'
import type { OpenLog } from './open-log.ts'
import type { OpenTables } from './open-tables.ts'
import type { Wiring } from './wiring.ts'

/** How long handlers may finish what they have begun when the process is asked to stop. */
const drainMs = 8_000

export interface RunningHandlers {
  readonly archivist: RunningArchivist | null
  readonly toolServers: HttpDependencies['toolServers']
  readonly inFlight: () => Readonly<Record<string, number>>
}

export const startHandlers = async (
  { log, teardown, settings }: Wiring,
  opened: OpenLog,
  { database, eventLog, keys, untilLetGo }: OpenTables,
  bus: WriteSide,
): Promise<RunningHandlers> => {
  const { nats, ownCommits, reader, deadLetters, blobs, live, requestKeys, queueStore, intakeQueue, feed } = opened
  const { storeText, checkArguments, overrideFaults, archived } = opened
  const recordConfiguration = createRecordConfiguration({ bus, storeText })
  await recordConfiguration(settings.version())
  settings.watch(recordConfiguration)
  teardown.add('configuration', settings.stop)
  const abortions = createAbortions(feed)
  const secret = (name: string): string | undefined => process.env[name]
  const priceOf = createPriceOfReply(() => settings.current().configuration.defaults.model_prices)
  const model = createOpenAiModel({ providers: settings.providers, secret, priceOf })
  const toolBox = createMcpToolBox({ servers: settings.servers, secret, log })
  const stopReleasing = releaseTools(feed, toolBox, log)
  teardown.add('tools', async () => {
    stopReleasing()
    await toolBox.close()
  })
  const retried = startRetriedLetters(nats, deadLetters, log)
  const givenUp = startGivenUpMessages(nats, deadLetters, log)
  const source = createJetStreamCommitSource(nats, deadLetters, log, retried)
  const worker = `${hostname()}-${process.pid}`
  const sessions = bus
  const admission = startAdmission({
    store: queueStore,
    bus,
    eventLog,
    settings,
    ownCommits,
    feed,
    readWholeLog: () => readWholeLog(reader),
    log,
  })
  const eraser = await createSessionEraser({
    connection: nats,
    copied: untilLetGo,
    namedElsewhere: (hashes, subject) => blobsNamedElsewhere(database, hashes, subject),
    eraseCopies: (hashes) => eraseBlobCopies(database, hashes),
  })
  const dayLedger = createDayLedger({
    bus,
    ledgers: bus,
    budgets: () => settings.current().configuration.defaults.day_budgets,
  })
  const toolsOf = createToolsOf({ toolBox, eventLog, blobs })
  const all = [
    createPlanner({ bus, sessions, settings, line: admission }),
    createAgentRunner({
      abortions,
      bus,
      sessions,
      model,
      dayLedger,
      toolBox,
      toolsOf,
      live,
      storeText,
      checkArguments,
    }),
    createResultSummarizer({ abortions, bus, sessions, model, dayLedger, blobs, storeText }),
    createToolExecutor({ abortions, bus, sessions, toolBox, toolsOf, blobs, storeText, live, feed, worker }),
    createSummarizer({ bus, sessions, model }),
    createBookkeeper({ bus, sessions, ledgers: bus, dayLedger }),
    createAlertFollower({ bus, sessions }),
    createTimekeeper({ bus, sessions }),
    createTaskStarter({ bus, tasks: bus }),
    createTaskFollower({ bus, sessions }),
    createChildKeeper({ bus, sessions }),
    createReplayJudge({ bus, sessions, eventLog }),
    createJanitor({
      bus,
      eraser,
      keys,
      forksOf: async (org, id) => {
        await untilLetGo()
        return forksOf(database, org, id)
      },
    }),
  ]
  const archivist = archived === null ? null : startArchivist({ archive: archived.archive, tail: reader, blobs, log })
  const decide = createDecideQueued({ bus, requestKeys, storeText, checkArguments, overrideFaults })
  const reactors: readonly RunningReactor[] = [
    ...all.map((reactor) => startReactor(reactor, { source, abortions, log })),
    ...(archivist === null ? [] : [archivist]),
    startIntake({ bus, queue: intakeQueue, readAlerts, log }),
    startCommandIntake({ queue: createCommandQueue(nats, deadLetters, log), decide, log }),
  ]
  teardown.add('handlers', async () => {
    await Promise.all([givenUp.stop(), retried.stop(), ...reactors.map((reactor) => reactor.stop(drainMs))])
    abortions.stop()
    live.flush()
  })
  const retaining = {
    expired: (policies: readonly NamedPolicy[], at: string, limit: number) =>
      expiredSessions(database, policies, { at, org: null, limit, withHeld: false }),
  }
  teardown.add('retention', startRetention({ bus, sessions: retaining, settings, log }))
  // Before the handlers: whoever waits to get in line is let go.
  teardown.add('admission', admission.stop)
  return {
    archivist,
    toolServers: toolBox.health,
    inFlight: () => Object.fromEntries(reactors.map((reactor) => [reactor.name, reactor.inFlight()])),
  }
}
