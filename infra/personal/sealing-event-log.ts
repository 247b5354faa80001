// The log as deciders and handlers see it: personal fields are sealed on the way in and opened on the way out.
import type { EventLog } from '../../commands/event-log.ts'
import { LogUnavailable } from '../../commands/log-errors.ts'
import { isPerson, sealActor, sealEvent } from '../../domain/personal/personal-fields.ts'
import { holdsSealed, mapSealed, personsIn } from '../../domain/personal/sealed-text.ts'
import type { Commit, CommitDraft, RecordedEvent } from '../../schemas/commit.ts'
import type { OrgId } from '../../schemas/ids.ts'
import type { KeyRing, PersonKey } from './person-keys.ts'
import { open, seal } from './sealing.ts'

/**
 * The hash chain is over what is sealed, so it holds when a key is gone. `sealing` false seals nothing more; what was
 * sealed before is opened all the same.
 * @throws LogUnavailable (retryable) when the keys cannot be reached, beside what the log throws.
 */
export const createSealingEventLog = (log: EventLog, keys: KeyRing, sealing: boolean): EventLog => {
  const asked = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw new LogUnavailable('asking for the keys of personal fields', { cause: error })
    }
  }

  const opened = async (commit: Commit): Promise<Commit> => {
    const { actor, bodyHash, events } = commit
    if (!holdsSealed([actor.id, bodyHash, events])) return commit
    const found = await asked(keys.keysOf(commit.stream.org, personsIn([actor.id, bodyHash, events])))
    const opening = (person: string, sealed: string): string => open(found.get(person) ?? null, person, sealed)
    return {
      ...commit,
      actor: { ...actor, id: String(mapSealed(actor.id, opening)) },
      bodyHash: String(mapSealed(bodyHash, opening)),
      // Only strings change, and every string may hold any text.
      events: mapSealed(events, opening) as readonly RecordedEvent[],
    }
  }

  const sealed = async (org: OrgId, draft: CommitDraft): Promise<CommitDraft> => {
    const names = new Set<string>()
    sealDraft(draft, (who, text) => {
      names.add(who)
      return text
    })
    if (names.size === 0) return draft
    const found = new Map<string, PersonKey>()
    for (const who of names) found.set(who, await asked(keys.keyFor(org, who)))
    return sealDraft(draft, (who, text, place) => {
      const { personId, key } = found.get(who) ?? { personId: '', key: null }
      return key === null ? text : seal(key, personId, text, place)
    })
  }

  return {
    read: async (stream, after) => Promise.all((await log.read(stream, after)).map(opened)),
    append: async (stream, expected, draft) => {
      if (!sealing) {
        const outcome = await log.append(stream, expected, draft)
        return outcome.kind === 'appended' ? { ...outcome, commit: await opened(outcome.commit) } : outcome
      }
      const outcome = await log.append(stream, expected, await sealed(stream.org, draft))
      if (outcome.kind !== 'appended') return outcome
      const events = outcome.commit.events.map(({ id, version }, index): RecordedEvent => {
        const event = draft.events[index]
        if (event === undefined) throw new Error('a commit has more events than were appended')
        return { id, version, ...event }
      })
      const plain = { ...outcome.commit, actor: draft.actor, bodyHash: draft.bodyHash, events }
      return { ...outcome, commit: await opened(plain) }
    },
  }
}

/** The hash of a short body would tell what it says to whoever guesses it. */
const sealDraft = (draft: CommitDraft, seal: (who: string, text: string, place: string) => string): CommitDraft => {
  const { actor, bodyHash, commandId, events } = draft
  const within =
    (part: string | number): typeof seal =>
    (who, text, place) =>
      seal(who, text, `${commandId}.${part}.${place}`)
  return {
    ...draft,
    actor: sealActor(actor, within('actor')),
    bodyHash: bodyHash !== '' && isPerson(actor) ? within('body')(actor.id, bodyHash, 'hash') : bodyHash,
    events: events.map((event, index) => sealEvent(event, actor, within(index))),
  }
}
