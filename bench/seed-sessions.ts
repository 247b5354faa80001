// A log of sessions told like real cases, eleven commits and some twenty-five events each.
import type { NatsConnection } from '@nats-io/transport-node'
import { createJetStreamEventLog } from '../infra/jetstream/jetstream-event-log.ts'
import { sessionId } from '../schemas/ids.ts'
import { mustAppend } from '../tests/contracts/event-log-contract.ts'
import { draft, positionOf, start } from '../tests/support/commit-samples.ts'
import { investigation, sessionStream } from '../tests/support/histories.ts'
import { inFlight } from './measure.ts'

/** Sessions number `from` up to, without, `to`. @returns seconds, commits and events. */
export const seedSessions = async (connection: NatsConnection, from: number, to: number) => {
  const log = await createJetStreamEventLog(connection)
  let commits = 0
  let events = 0
  const seconds = await inFlight(to - from, 64, async (nth) => {
    const id = sessionId.parse(`ses_bench${from + nth}`)
    let at = start
    for (const told of investigation(id, `Case ${from + nth}`)) {
      at = positionOf(await mustAppend(log, sessionStream(id), at, draft({ events: told })))
      commits++
      events += told.length
    }
  })
  return { seconds, commits, events }
}
