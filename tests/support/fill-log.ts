// A log with many sessions in it, written as a process would write them, without their taking the time they would take.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { commandId, correlationId, logSequence, orgId, sessionId, streamVersion } from '../../schemas/ids.ts'
import { quiet } from './servers.ts'

export interface FilledSession {
  readonly title: string
  readonly labels: Readonly<Record<string, string>>
  readonly at: string
  readonly status: 'completed' | 'failed'
}

const nothing = { sequence: logSequence.parse(0), version: streamVersion.parse(0), hash: '' }
const atOnce = 64

/** Of the server that a process with its data there runs for itself. */
export const natsUrlIn = (dataFolder: string): string => readFileSync(join(dataFolder, 'nats.url'), 'utf8').trim()

/** Ended sessions, one commit each. */
export const fillLog = async (natsUrl: string, sessions: readonly FilledSession[]): Promise<void> => {
  const connection = await connectNats(natsUrl, 'fill', quiet)
  const log = await createJetStreamEventLog(connection)
  const left = sessions.map((session, index) => ({ ...session, name: `FILL${String(index).padStart(6, '0')}` }))
  const work = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const { name, title, labels, at, status } = next
      const id = sessionId.parse(`ses_${name}`)
      const events: readonly SessionEvent[] = [
        {
          type: 'session.started',
          data: { sessionId: id, title, input: { text: '' }, origin: { kind: 'request' }, labels },
        },
        { type: 'session.ended', data: { status, cause: { code: 'concluded', message: 'Filled.', nextStep: '' } } },
      ]
      await log.append({ org: orgId.parse('default'), category: 'session', id }, nothing, {
        commandId: commandId.parse(`fill-${name}`),
        bodyHash: name,
        at,
        actor: { kind: 'handler', id: 'fill' },
        correlationId: correlationId.parse(`fill-${name}`),
        causationId: `fill-${name}`,
        events,
      })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  await connection.close()
}
