// Metrics as a Prometheus scrape gets them.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createMemoryEventLog } from '../../infra/memory/memory-event-log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { observeAppends } from '../../infra/own-commits.ts'
import { projectionState } from '../../projections/checkpoints.ts'
import type { Commit } from '../../schemas/commit.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { logSequence, streamVersion } from '../../schemas/ids.ts'
import { mustAppend } from '../contracts/event-log-contract.ts'
import { draft, positionOf, start, stream } from '../support/commit-samples.ts'
import { metadata } from '../support/decider-spec.ts'
import { execution, started } from '../support/session-samples.ts'

const commitOf = (...events: readonly SessionEvent[]): Commit => ({
  stream: { org: metadata.org, category: 'session', id: 'ses_01TEST' },
  sequence: logSequence.parse(1),
  version: streamVersion.parse(events.length),
  at: metadata.at,
  actor: metadata.actor,
  correlationId: metadata.correlationId,
  causationId: metadata.causationId,
  commandId: metadata.commandId,
  bodyHash: '',
  hash: '',
  events: events.map((event, index) => ({ ...event, id: `cmd.${index}`, version: streamVersion.parse(index + 1) })),
})

const world = () => {
  let told: (commit: Commit) => void = () => undefined
  const metrics = createMetrics({
    ownCommits: {
      subscribe: (listener) => {
        told = listener
        return () => undefined
      },
    },
    queue: () => Promise.resolve({ running: 2, waiting: { high: 3 } }),
    projections: () =>
      Promise.resolve([
        {
          name: 'timeline',
          version: 1,
          generation: 1,
          epoch: '',
          position: logSequence.parse(7),
          state: projectionState.enum.paused,
          failure: null,
          head: logSequence.parse(9),
          lag: 2,
          builds: [],
          asOf: [],
          old: [],
          verification: null,
        },
      ]),
    deadLetters: () => Promise.reject(new Error('away')),
    inFlight: () => ({ planner: 3 }),
  })
  return { metrics, tell: (commit: Commit) => told(commit) }
}

test('what this process appended is counted and timed', async () => {
  const { metrics, tell } = world()
  tell(commitOf(started))
  tell(
    commitOf(
      {
        type: 'session.model_replied',
        data: {
          executionId: execution(1),
          turn: 1,
          text: { text: '' },
          toolCalls: [],
          finishReason: 'stop',
          usage: { inputTokens: 1, outputTokens: 1 },
          by: { provider: 'p', model: 'm', simulated: false },
          durationMs: 40,
        },
      },
      { type: 'session.ended', data: { status: 'failed', cause: { code: 'model_failed', message: '', nextStep: '' } } },
    ),
  )
  const text = await metrics.render()
  assert.match(text, /^casebook_commits_total\{.*category="session".*\} 2$/m)
  assert.match(text, /^casebook_sessions_started_total\{.*origin="request".*\} 1$/m)
  assert.match(text, /^casebook_sessions_ended_total\{.*status="failed".*\} 1$/m)
  assert.match(text, /^casebook_model_call_duration_seconds_bucket\{.*le="0.025".*\} 0$/m)
  assert.match(text, /^casebook_model_call_duration_seconds_bucket\{.*le="0.05".*\} 1$/m)
})

test('of several processes on one log each counts what it appended itself', async () => {
  const shared = createMemoryEventLog()
  const [one, other] = [observeAppends(shared), observeAppends(shared)]
  const heard = { one: 0, other: 0 }
  one.subscribe(() => heard.one++)
  const stop = other.subscribe(() => heard.other++)
  const to = stream()
  const first = await mustAppend(one.log, to, start, draft())
  assert.equal(heard, { one: 1, other: 0 })
  assert.is((await other.log.append(to, start, draft())).kind, 'conflict')
  const second = await mustAppend(other.log, to, positionOf(first), draft())
  stop()
  await mustAppend(other.log, to, positionOf(second), draft())
  assert.equal(heard, { one: 1, other: 1 })
  assert.is((await one.log.read(to, start)).length, 3)
})

test('gauges are asked at every scrape, and one that cannot answer does not break the others', async () => {
  const text = await world().metrics.render()
  assert.match(text, /^casebook_projection_lag\{.*projection="timeline".*\} 2$/m)
  assert.match(text, /^casebook_projection_position\{.*projection="timeline".*\} 7$/m)
  assert.match(text, /^casebook_projection_paused\{.*projection="timeline".*\} 1$/m)
  assert.not.match(text, /^casebook_dead_letters\{?.*\}? 0$/m)
  assert.match(text, /^casebook_handler_in_flight\{.*handler="planner".*\} 3$/m)
  assert.match(text, /^process_resident_memory_bytes\{?.*\}? \d+$/m)
  assert.match(text, /^process_cpu_seconds_total\{?.*\}? [\d.]+$/m)
})

test.run()
