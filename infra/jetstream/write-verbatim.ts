// Writes stored commits back as they were, each under the sequence it had.
import { setTimeout as delay } from 'node:timers/promises'
import type { NatsConnection } from '@nats-io/transport-node'
import type { StoredCommit } from '../../projections/log-copy.ts'
import { commitHeaders } from '../../schemas/commit.ts'
import { type Acknowledgement, createAcknowledgedPublish } from './acknowledged-publish.ts'
import type { MessageHeaders } from './message-headers.ts'
import { RestoreBrokenOff } from './restore-errors.ts'

/** What stands where a message was erased, until the end: then it is erased again. */
export const fillerSubject = 'casebook.events.-.erased'

/** The least a server takes. In a log an id may come again, after the time in which it would have been refused. */
export const repeatWindowMs = 100

const ackMs = 20_000

export interface VerbatimWriter {
  /** Waits while as many as allowed are on their way. @throws RestoreBrokenOff. */
  write(commit: StoredCommit): Promise<void>
  /** Fills up to a sequence whose message was erased, and waits until all is stored. @throws RestoreBrokenOff. */
  finish(upTo: number): Promise<void>
}

/**
 * `connection` must not reconnect. `isErased` tells of sequences below the one being written whether the copy leaves them
 * out: what was erased can be nobody's predecessor.
 */
export const createVerbatimWriter = (
  connection: NatsConnection,
  from: number,
  atOnce: number,
  isErased: (sequence: number) => boolean,
): VerbatimWriter => {
  const publish = createAcknowledgedPublish(connection)
  const lost = connection.closed().then((): Acknowledgement => ({ kind: 'unknown', reason: 'the connection was lost' }))
  const underway: Promise<void>[] = []
  let last = from
  let failure: RestoreBrokenOff | null = null
  /** Ids of the last seconds: sent again too soon they would pass for a repetition. */
  let ids: readonly [Set<string>, Set<string>] = [new Set(), new Set()]
  let turnedAt = performance.now()

  const settle = async (sequence: number, sent: Promise<Acknowledgement>): Promise<void> => {
    const ack = await Promise.race([sent, lost])
    const detail = troubleOf(ack, sequence)
    if (detail !== null) failure ??= new RestoreBrokenOff(sequence, detail)
  }
  const drain = async (): Promise<void> => {
    await Promise.all(underway.splice(0))
    if (failure !== null) throw failure
  }
  const send = async (subject: string, payload: string, headers: MessageHeaders): Promise<void> => {
    if (underway.length >= atOnce) await underway.shift()
    if (failure !== null) await drain()
    last++
    underway.push(settle(last, publish(subject, payload, headers, ackMs)))
  }
  const unlikeRecent = async (id: string): Promise<void> => {
    if (performance.now() - turnedAt > 1_000) {
      ids = [ids[1], new Set()]
      turnedAt = performance.now()
    }
    if (ids[0].has(id) || ids[1].has(id)) {
      await drain()
      await delay(2 * repeatWindowMs)
    }
    ids[1].add(id)
  }
  const fillTo = async (sequence: number): Promise<void> => {
    while (last < sequence) await send(fillerSubject, '', {})
  }

  return {
    write: async ({ sequence, subject, payload, headers: stored }) => {
      await fillTo(sequence - 1)
      const id = stored[commitHeaders.commandId]
      if (id !== undefined) await unlikeRecent(id)
      const kept = Object.entries(stored).filter(
        ([name, value]) => name !== commitHeaders.predecessor || !isErased(Number(value)),
      )
      await send(subject, payload, Object.fromEntries(kept))
    },
    finish: async (upTo) => {
      await fillTo(upTo)
      await drain()
    },
  }
}

const troubleOf = (ack: Acknowledgement, sequence: number): string | null => {
  switch (ack.kind) {
    case 'stored':
      if (ack.duplicate) return `the server took it for a repetition of message ${ack.sequence}`
      return ack.sequence === sequence ? null : `the server stored it as message ${ack.sequence}`
    case 'refused':
      return ack.message
    case 'unknown':
      return ack.reason
  }
}
