// Erases sessions: the tombstone first, then its forks, what it stands for, and a word that it is done; and forgets persons by their keys.
import type { CommandBus } from '../commands/command.ts'
import { ForkHeld } from '../commands/erasure-errors.ts'
import type { Commit } from '../schemas/commit.ts'
import type { SharingFork } from '../schemas/fork.ts'
import { type OrgId, type SessionId, sessionId } from '../schemas/ids.ts'
import { createSendFrom } from './handler-command.ts'
import type { PersonKeys } from './ports/person-keys.ts'
import type { SessionEraser } from './ports/session-eraser.ts'
import { done, later, type Reactor } from './reactor.ts'

export interface JanitorDependencies {
  readonly bus: CommandBus
  readonly eraser: SessionEraser
  readonly keys: Pick<PersonKeys, 'destroy'>
  /** What shares the session's history and is there still, each after its source. @throws DatabaseUnavailable, ProjectionBehind (retryable). */
  readonly forksOf: (org: OrgId, id: SessionId) => Promise<readonly SharingFork[]>
}

/** Until its forks are looked for again. */
const lookAgainMs = 500

export const createJanitor = ({ bus, eraser, keys, forksOf }: JanitorDependencies): Reactor => {
  const send = createSendFrom(bus, 'janitor')

  /** While what they share can still be read: afterwards nobody could fold them. @returns whether there were any. */
  const eraseForks = async (commit: Commit, eventId: string, source: SessionId): Promise<boolean> => {
    const forks = await forksOf(commit.stream.org, source)
    for (const { id, ended } of forks.toReversed()) {
      const data = { sessionId: id, reason: `${source}, whose history it shares, was erased.` }
      if (!ended) await send(commit, eventId, `${source}:${id}`, 'CancelSession', data)
      const outcome = await send(commit, eventId, `${source}:${id}:erase`, 'EraseSession', data)
      // It was put under it after the erasure was asked for, or just before.
      if (outcome.kind === 'rejected' && outcome.rejection.code === 'legal_hold') throw new ForkHeld(source, id)
    }
    return forks.length > 0
  }

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
          if (await eraseForks(commit, event.id, id)) return later(lookAgainMs)
          const removed = await eraser.erase(commit.stream.org, id)
          await send(commit, event.id, `${id}:erased`, 'CompleteErasure', { sessionId: id, ...removed })
        }
      }
      return done
    },
  }
}
