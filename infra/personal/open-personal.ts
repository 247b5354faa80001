// Whatever holds sealed words, with each of them opened, or marked as forgotten.
import { holdsSealed, mapSealed, personsIn } from '../../domain/personal/sealed-text.ts'
import type { OrgId } from '../../schemas/ids.ts'
import type { KeyRing } from './person-keys.ts'
import { open } from './sealing.ts'

/** @throws DatabaseUnavailable (retryable). */
export type OpenPersonal = (org: OrgId, value: unknown) => Promise<unknown>

/** A key of another org opens nothing. */
export const createOpenPersonal =
  (keys: Pick<KeyRing, 'keysOf'>): OpenPersonal =>
  async (org, value) => {
    if (!holdsSealed(value)) return value
    const found = await keys.keysOf(org, personsIn(value))
    return mapSealed(value, (person, sealed) => open(found.get(person) ?? null, person, sealed))
  }
