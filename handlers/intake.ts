// Turns queued alerts into facts: recorded on the alert's stream, and a session started, joined or told of the end.

import type { Command } from '../commands/command.ts'
import type { WriteSide } from '../commands/command-bus.ts'
import { alertIdOf, derivedSessionId } from '../commands/new-id.ts'
import { withActiveTrace, withSpan } from '../commands/with-span.ts'
import type { AlertMessage } from '../schemas/alert.ts'
import { CasebookError } from '../schemas/casebook-error.ts'
import type { CommandData, CommandMetadata } from '../schemas/commands.ts'
import { type CorrelationId, commandId, correlationId } from '../schemas/ids.ts'
import { shuttingDown } from './abortions.ts'
import type { AlertQueue, QueuedAlert, ReadAlerts } from './ports/alert-queue.ts'
import type { Log } from './ports/log.ts'
import type { RunningReactor } from './reactor.ts'
import { createSlots } from './slots.ts'
import { createTellOnce } from './tell-once.ts'

export interface IntakeDependencies {
  readonly bus: WriteSide
  readonly queue: AlertQueue
  readonly readAlerts: ReadAlerts
  readonly log: Log
}

/** Failures of one message that say nothing about the outside being away; then it is parked. */
const maxDeliveries = 10
const concurrency = 64
/** Well under the queue's wait for a word: a message of a thousand alerts takes longer than that. */
const heartbeatMs = 1_000
const unreadable = 'unreadable_alert'

export const startIntake = ({ bus, queue, readAlerts, log }: IntakeDependencies): RunningReactor => {
  const stopping = new AbortController()
  const slots = createSlots(concurrency)
  const underWay = new Set<Promise<void>>()
  const tell = createTellOnce(log, { handler: 'intake' }, 'The intake goes on.')

  const take = async (message: QueuedAlert): Promise<void> => {
    const read = safelyRead(message)
    if (read.kind === 'unreadable') {
      log.warn({ message: message.id }, `An alert message was parked: ${read.message}`)
      return message.park({ code: unreadable, message: read.message })
    }
    const heartbeat = setInterval(() => beat(message), heartbeatMs)
    try {
      const traceparent = message.headers['traceparent']
      await withSpan('handle intake', { attributes: { 'casebook.message': message.id }, traceparent }, async () => {
        await recordAll(message, read.alerts)
        for (const entry of read.rejected) await message.parkEntry(entry, unreadable)
      })
      const [first] = read.rejected
      if (first !== undefined) {
        log.warn({ message: message.id, parked: read.rejected.length }, `Alerts were parked: ${first.message}`)
      }
      message.done()
      tell.success()
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      const retryable = error instanceof CasebookError && error.retryable
      if (!retryable && message.deliveries >= maxDeliveries) {
        log.error({ message: message.id, err: error }, `An alert message was parked: ${text}`)
        return message.park({ code: error instanceof CasebookError ? error.code : 'unexpected', message: text })
      }
      const code = error instanceof CasebookError ? error.code : 'unexpected'
      tell.trouble(code, { message: message.id, code }, `${text} Trying until it succeeds.`)
      message.later(Math.min(30_000, 250 * 2 ** Math.min(message.deliveries, 7)))
    } finally {
      clearInterval(heartbeat)
    }
  }

  /** What makes the reader itself fail would make it fail for ever. */
  const safelyRead = (message: QueuedAlert): ReturnType<ReadAlerts> => {
    try {
      return readAlerts(message)
    } catch (error) {
      return { kind: 'unreadable', message: error instanceof Error ? error.message : String(error) }
    }
  }

  const beat = (message: QueuedAlert): void => {
    try {
      message.working()
    } catch {
      // Not told: it is delivered again, which changes nothing.
    }
  }

  /** One that fails for its own reasons does not keep those after it waiting. */
  const recordAll = async (message: QueuedAlert, alerts: readonly AlertMessage[]): Promise<void> => {
    const failures: unknown[] = []
    for (const [index, alert] of alerts.entries()) {
      try {
        await record(message, alert, index)
      } catch (error) {
        if (error instanceof CasebookError && error.retryable) throw error
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }

  const record = async (message: QueuedAlert, occurrence: AlertMessage, index: number): Promise<void> => {
    const { org } = message
    const { alert, occurrenceKey } = occurrence
    const alertId = alertIdOf(org, alert.fingerprint)
    const key = `${org}:${message.id}:${index}`
    const metadata = (step: string): CommandMetadata => ({
      org,
      commandId: commandId.parse(`intake:${step}:${message.id}:${index}`),
      actor: { kind: 'handler', id: 'intake' },
      at: new Date().toISOString(),
      correlationId: correlationOf(message),
      causationId: message.id,
      ...withActiveTrace(message.headers['traceparent']),
    })
    const send = (step: string, command: Pick<Command, 'type' | 'data'>) =>
      bus.send({ ...command, metadata: metadata(step) } as Command)

    const fresh = derivedSessionId(message.queuedAt, key)
    const recorded = await send('alert', { type: 'RecordAlert', data: { alertId, sessionId: fresh, ...occurrence } })
    const state = await bus.alert(org, alertId, recorded.kind === 'rejected' ? undefined : recorded.sequence)
    if (state.status === 'absent' || state.sessionId === null) return

    if (state.sessionId === fresh) {
      const data: CommandData<'StartSession'> = {
        sessionId: fresh,
        title: alert.title,
        input: alert.payload ?? { text: '' },
        origin: { kind: 'alert', alertId },
        alert: withoutPayload(alert),
        ...(alert.chain !== undefined && { chain: alert.chain }),
        labels: {},
      }
      await send('session', { type: 'StartSession', data })
      return
    }
    const data: CommandData<'NoteAlert'> = {
      sessionId: state.sessionId,
      alertId,
      what: alert.status === 'firing' ? 'repeated' : 'resolved',
      occurrenceKey,
      at: occurrence.receivedAt,
    }
    await send('note', { type: 'NoteAlert', data })
  }

  const consume = async (): Promise<void> => {
    for await (const message of queue.deliveries(stopping.signal)) {
      const release = await slots.take()
      const task = take(message)
        .catch((error: unknown) =>
          log.error({ message: message.id, err: error }, 'An alert message could not be settled.'),
        )
        .finally(() => {
          release()
          underWay.delete(task)
        })
      underWay.add(task)
    }
  }
  const consuming = consume().catch((error: unknown) =>
    log.error({ err: error }, 'The intake stopped consuming; restart the process.'),
  )

  return {
    name: 'intake',
    inFlight: () => underWay.size,
    stop: async () => {
      stopping.abort(shuttingDown)
      await consuming
      await Promise.allSettled([...underWay])
    },
  }
}

/** A sender's own id when it is one; an alert is not turned away for a header. */
const correlationOf = ({ headers, id }: QueuedAlert): CorrelationId => {
  const sent = correlationId.safeParse(headers['correlation-id'])
  return sent.success ? sent.data : correlationId.parse(`alert:${id}`)
}

/** The payload travels as the session's input; twice would only double the event. */
const withoutPayload = ({ payload: _, ...alert }: AlertMessage['alert']): AlertMessage['alert'] => alert
