// Seals a text of a person that is kept elsewhere than on the log, with the same key: what was decided of a dead letter.
import { isPerson } from '../../domain/personal/personal-fields.ts'
import type { Actor } from '../../schemas/actor.ts'
import type { OrgId } from '../../schemas/ids.ts'
import type { KeyRing } from './person-keys.ts'
import { seal } from './sealing.ts'

/** `place` is unlike that of any other text of theirs. Who is no person is not sealed. @throws DatabaseUnavailable (retryable). */
export type SealPersonal = (org: OrgId, by: Actor, text: string, place: string) => Promise<string>

export const createSealPersonal =
  (keys: Pick<KeyRing, 'keyFor'>): SealPersonal =>
  async (org, by, text, place) => {
    if (!isPerson(by)) return text
    const { personId, key } = await keys.keyFor(org, by.id)
    return key === null ? text : seal(key, personId, text, place)
  }
