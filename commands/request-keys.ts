// The port to idempotency keys: the first use of a key fixes its body and the id it stands for, for good.
import type { OrgId } from '../schemas/ids.ts'

export interface RequestKeys {
  /** The id this key stands for; `mint` makes one at its first use. @throws LogUnavailable (retryable). */
  reserve(request: {
    readonly org: OrgId
    readonly key: string
    readonly bodyHash: string
    readonly mint: () => string
  }): Promise<Reservation>
  /** Keeps what a key was answered with. Does not wait, and may be lost: then the answer is found out again. */
  remember(org: OrgId, key: string, answer: Readonly<Record<string, unknown>>): void
}

export type Reservation =
  | {
      readonly kind: 'reserved' | 'existing'
      readonly id: string
      readonly answer?: Readonly<Record<string, unknown>> | undefined
    }
  | { readonly kind: 'body_differs' }
