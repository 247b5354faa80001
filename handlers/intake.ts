// Turns queued alerts into facts: recorded on the alert's stream, and a session started, joined or told of the end.

import type { Command } from '../commands/command.ts'
import type { WriteSide } from '../commands/command-bus.ts'
import { alertIdOf, derivedSessionId } from '../commands/new-id.ts'
import { withActiveTrace } from '../commands/with-span.ts'
import type { AlertMessage } from '../schemas/alert.ts'
import { CasebookError } from '../schemas/casebook-error.ts'
import type { CommandData, CommandMetadata } from '../schemas/commands.ts'
import { type CorrelationId, commandId, correlationId } from '../schemas/ids.ts'
import type { AlertQueue, QueuedAlert, ReadAlerts } from './ports/alert-queue.ts'
import type { Log } from './ports/log.ts'
import type { ParkReason } from './ports/queued-message.ts'
import { runQueue } from './queue-runner.ts'
import type { RunningReactor } from './reactor.ts'

export interface IntakeDependencies {
  readonly bus: WriteSide
  readonly queue: AlertQueue
  readonly readAlerts: ReadAlerts
  readonly log: Log
}

const unreadable = 'unreadable_alert'

export const startIntake = ({ bus, queue, readAlerts, log }: IntakeDependencies): RunningReactor => {
  const take = async (message: QueuedAlert): Promise<ParkReason | null> => {
    const read = safelyRead(message)
    if (read.kind === 'unreadable') return { code: unreadable, message: read.message }
    await recordAll(message, read.alerts)
    for (const entry of read.rejected) await message.parkEntry(entry, unreadable)
    const [first] = read.rejected
    if (first !== undefined) {
      log.warn({ message: message.id, parked: read.rejected.length }, `Alerts were parked: ${first.message}`)
    }
    return null
  }

  /** What makes the reader itself fail would make it fail for ever. */
  const safelyRead = (message: QueuedAlert): ReturnType<ReadAlerts> => {
    try {
      return readAlerts(message)
    } catch (error) {
      return { kind: 'unreadable', message: error instanceof Error ? error.message : String(error) }
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
        alert: withoutMoved(alert),
        ...(alert.chain !== undefined && { chain: alert.chain }),
        labels: {},
        ...(alert.overrides !== undefined && { overrides: alert.overrides }),
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

  return runQueue({
    name: 'intake',
    noun: 'An alert message',
    concurrency: 64,
    maxDeliveries: 10,
    deliveries: queue.deliveries,
    work: take,
    log,
  })
}

/** A sender's own id when it is one; an alert is not turned away for a header. */
const correlationOf = ({ headers, id }: QueuedAlert): CorrelationId => {
  const sent = correlationId.safeParse(headers['correlation-id'])
  return sent.success ? sent.data : correlationId.parse(`alert:${id}`)
}

/** The payload travels as the session's input, and the overrides as its own; twice would only double the event. */
const withoutMoved = ({ payload: _, overrides: __, ...alert }: AlertMessage['alert']): AlertMessage['alert'] => alert
