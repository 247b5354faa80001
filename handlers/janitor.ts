// Erases sessions, the tombstone first, then what it stands for, then a word that it is done; and forgets persons by their keys.
import type { CommandBus } from '../commands/command.ts'
import { type OrgId, type SessionId, sessionId } from '../schemas/ids.ts'
import { createSendFrom } from './handler-command.ts'
import type { PersonKeys } from './ports/person-keys.ts'
import type { SessionEraser } from './ports/session-eraser.ts'
import { done, type Reactor } from './reactor.ts'

export interface JanitorDependencies {
  readonly bus: CommandBus
  readonly eraser: SessionEraser
  readonly keys: Pick<PersonKeys, 'destroy'>
  /** What shares the session's history and has not ended. @throws DatabaseUnavailable, ProjectionBehind (retryable). */
  readonly forksAtWork: (org: OrgId, id: SessionId) => Promise<readonly SessionId[]>
}

export const createJanitor = ({ bus, eraser, keys, forksAtWork }: JanitorDependencies): Reactor => {
  const send = createSendFrom(bus, 'janitor')
  return {
    name: 'janitor',
    reactsTo: ['session.erasure_requested', 'erasure.recorded', 'person.forgotten'],
    concurrency: 4,
    react: async (commit) => {
      for (const event of commit.events) {
        if (event.type === 'session.erasure_requested') {
          // Nothing comes after this commit: its hash is the last of the chain.
          await send(commit, event.id, `${commit.stream.id}:tombstone`, 'RecordErasure', {
            sessionId: sessionId.parse(commit.stream.id),
            ...event.data,
            requestedAt: commit.at,
            version: commit.version,
            lastHash: commit.hash,
          })
        }
        if (event.type === 'person.forgotten') {
          const { personId } = event.data
          await keys.destroy(commit.stream.org, personId)
          await send(commit, event.id, `${personId}:destroyed`, 'CompleteForgetting', { personId })
        }
        if (event.type === 'erasure.recorded') {
          const id = event.data.sessionId
          // While what they share can still be read.
          for (const fork of await forksAtWork(commit.stream.org, id)) {
            const reason = `${id}, whose history it shares, was erased.`
            await send(commit, event.id, `${id}:${fork}`, 'CancelSession', { sessionId: fork, reason })
          }
          const removed = await eraser.erase(commit.stream.org, id)
          await send(commit, event.id, `${id}:erased`, 'CompleteErasure', { sessionId: id, ...removed })
        }
      }
      return done
    },
  }
}
