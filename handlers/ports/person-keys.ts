// The port to the keys that personal fields are sealed with, one for each person of an org.
import type { OrgId, PersonId } from '../../schemas/ids.ts'

export interface PersonKeys {
  /** Null for somebody of whom nothing was sealed, or who was forgotten. @throws DatabaseUnavailable (retryable). */
  find(org: OrgId, who: string): Promise<PersonId | null>
  /** For good; again it changes nothing. @throws DatabaseUnavailable (retryable). */
  destroy(org: OrgId, person: PersonId): Promise<void>
}
