// Prometheus metrics, derived from the commits this process appended and from the process itself.
import type { Meter } from '@opentelemetry/api'
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import type { ArchiveStanding } from '../handlers/archive-standing.ts'
import type { CommitFeed } from '../handlers/ports/commit-feed.ts'
import type { CounterName, Metrics, TimerName } from '../handlers/ports/metrics.ts'
import type { ProjectionStatus } from '../projections/projection-set.ts'

export interface RunningMetrics extends Metrics {
  /** The text a Prometheus scrape gets. */
  render(): Promise<string>
}

export interface MetricsSources {
  /** What this process appended, not what it saw: every process sees every commit, and the sum over all must be right. */
  readonly ownCommits: CommitFeed
  readonly projections: () => Promise<readonly ProjectionStatus[]>
  readonly deadLetters: () => Promise<number>
  readonly queue: () => Promise<{ readonly running: number; readonly waiting: Readonly<Record<string, number>> }>
  /** Absent where nothing is mirrored. */
  readonly archive?: (() => Promise<ArchiveStanding>) | undefined
  readonly inFlight: () => Readonly<Record<string, number>>
}

/** One process, one meter: their labels would only lengthen every line. */
const [withoutTargetInfo, withoutScopeInfo] = [true, true]

/** Much less than a scraper waits. */
const answerWithinMs = 2_000

/** In seconds; the library's own are made for milliseconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] as const

export const createMetrics = (sources: MetricsSources): RunningMetrics => {
  const reader = new PrometheusExporter({ preventServerStart: true })
  const meter = new MeterProvider({ readers: [reader] }).getMeter('casebook')
  const serializer = new PrometheusSerializer(undefined, false, undefined, withoutTargetInfo, withoutScopeInfo)
  const counters = new Map<CounterName, ReturnType<typeof meter.createCounter>>()
  const timers = new Map<TimerName, ReturnType<typeof meter.createHistogram>>()

  const metrics: Metrics = {
    count: (name, labels = {}) => {
      const counter = counters.get(name) ?? meter.createCounter(`casebook_${name}`)
      counters.set(name, counter)
      counter.add(1, labels)
    },
    time: (name, seconds, labels = {}) => {
      const timer =
        timers.get(name) ??
        meter.createHistogram(`casebook_${name}_seconds`, {
          unit: 's',
          advice: { explicitBucketBoundaries: [...bounds] },
        })
      timers.set(name, timer)
      timer.record(seconds, labels)
    },
  }

  const lag = meter.createObservableGauge('casebook_projection_lag', { description: 'Log messages not yet seen.' })
  const position = meter.createObservableGauge('casebook_projection_position', { description: 'Log sequence reached.' })
  const paused = meter.createObservableGauge('casebook_projection_paused', {
    description: '1 while it waits to be mended.',
  })
  meter.addBatchObservableCallback(
    async (result) => {
      for (const each of (await soon(sources.projections())) ?? []) {
        const labels = { projection: each.name }
        result.observe(lag, each.lag, labels)
        result.observe(position, each.position, labels)
        result.observe(paused, each.state === 'paused' ? 1 : 0, labels)
      }
    },
    [lag, position, paused],
  )
  const dead = meter.createObservableGauge('casebook_dead_letters', { description: 'Messages parked.' })
  dead.addCallback(async (result) => {
    const count = await soon(sources.deadLetters())
    if (count !== null) result.observe(count)
  })
  const working = meter.createObservableGauge('casebook_handler_in_flight', { description: 'Commits being worked on.' })
  working.addCallback((result) => {
    for (const [handler, count] of Object.entries(sources.inFlight())) result.observe(count, { handler })
  })
  const places = meter.createObservableGauge('casebook_queue_running', { description: 'Sessions that have a place.' })
  const waiting = meter.createObservableGauge('casebook_queue_waiting', { description: 'Sessions that wait for one.' })
  meter.addBatchObservableCallback(
    async (result) => {
      const counts = await soon(sources.queue())
      if (counts === null) return
      result.observe(places, counts.running)
      for (const [lane, count] of Object.entries(counts.waiting)) result.observe(waiting, count, { lane })
    },
    [places, waiting],
  )
  if (sources.archive !== undefined) observeArchive(meter, sources.archive)
  meter
    .createObservableGauge('process_resident_memory_bytes')
    .addCallback((result) => result.observe(process.memoryUsage.rss()))
  meter.createObservableCounter('process_cpu_seconds').addCallback((result) => {
    const { user, system } = process.cpuUsage()
    result.observe((user + system) / 1e6)
  })

  sources.ownCommits.subscribe((commit) => {
    metrics.count('commits', { category: commit.stream.category })
    for (const event of commit.events) countEvent(metrics, event)
  })

  return {
    ...metrics,
    render: async () => serializer.serialize((await reader.collect()).resourceMetrics),
  }
}

const observeArchive = (meter: Meter, archive: () => Promise<ArchiveStanding>): void => {
  const position = meter.createObservableGauge('casebook_archive_position', { description: 'Log sequence mirrored.' })
  const lag = meter.createObservableGauge('casebook_archive_lag', { description: 'Log messages not yet mirrored.' })
  const differing = meter.createObservableGauge('casebook_archive_differing_streams', {
    description: 'Streams of which the archive holds something else.',
  })
  meter.addBatchObservableCallback(
    async (result) => {
      const standing = await soon(archive())
      if (standing === null) return
      result.observe(position, standing.position)
      result.observe(lag, standing.lag)
      result.observe(differing, standing.differing)
    },
    [position, lag, differing],
  )
}

/** What is away is left out: a scrape that waits for it would lose everything else, and 0 would be a lie. */
const soon = async <T>(work: Promise<T>): Promise<T | null> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, answerWithinMs, null)
  })
  try {
    return await Promise.race([work, late])
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}

const countEvent = (
  metrics: Metrics,
  event: Parameters<Parameters<CommitFeed['subscribe']>[0]>[0]['events'][number],
): void => {
  switch (event.type) {
    case 'session.started':
      metrics.count('sessions_started', { origin: event.data.origin.kind })
      break
    case 'session.ended':
      metrics.count('sessions_ended', { status: event.data.status, cause: event.data.cause.code })
      break
    case 'session.admitted':
      metrics.time('queue_wait', event.data.waitedMs / 1000, { lane: event.data.lane })
      break
    case 'session.model_replied':
      metrics.count('model_replies', { model: event.data.by.model })
      metrics.time('model_call_duration', event.data.durationMs / 1000, { model: event.data.by.model })
      break
    case 'session.model_failed':
      metrics.count('model_failures', { class: event.data.class })
      break
    case 'session.tool_call_recorded':
      metrics.count('tool_calls', { outcome: event.data.outcome })
      metrics.time('tool_call_duration', event.data.durationMs / 1000, { outcome: event.data.outcome })
      break
    case 'alert.fired':
    case 'alert.repeated':
    case 'alert.resolved':
      metrics.count('alerts', { what: event.type.slice('alert.'.length) })
      break
    default:
      break
  }
}
