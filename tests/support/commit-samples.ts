// Commits for tests of the log: any number of streams, any size of text.

import { beforeFirst, type StreamPosition } from '../../commands/event-log.ts'
import type { Commit, CommitDraft, StreamId } from '../../schemas/commit.ts'
import type { DomainEvent } from '../../schemas/events.ts'
import { commandId, correlationId, orgId, sessionId } from '../../schemas/ids.ts'

export const org = orgId.parse('default')
export const start = beforeFirst

let made = 0
/** A number no other call has given in this process. */
export const unique = (): number => ++made

export const stream = (id = `ses_test${unique()}`): StreamId => ({ org, category: 'session', id })

export const startedEvent = (text = 'why?'): DomainEvent => ({
  type: 'session.started',
  data: {
    sessionId: sessionId.parse('ses_01TEST'),
    title: 'Disk full',
    input: { text },
    origin: { kind: 'request' },
    labels: {},
  },
})

export const draft = (changes: Partial<CommitDraft> = {}): CommitDraft => ({
  commandId: commandId.parse(`cmd-${unique()}`),
  bodyHash: '0'.repeat(64),
  at: '2026-01-02T03:04:05.000Z',
  actor: { kind: 'user', id: 'ada' },
  correlationId: correlationId.parse('cor-1'),
  causationId: 'cause-1',
  events: [startedEvent()],
  ...changes,
})

export const positionOf = ({ sequence, version, hash }: Commit): StreamPosition => ({ sequence, version, hash })

export const textOf = (commit: Commit): string => {
  const event = commit.events[0]
  return event?.type === 'session.started' ? event.data.input.text : ''
}
