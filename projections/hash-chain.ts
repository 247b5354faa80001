// Walks the hash chains of many streams at once: each commit must follow from the one before it on its subject.
import { commitHeaders } from '../schemas/commit.ts'
import { chainHash } from '../schemas/commit-codec.ts'

export interface ChainedMessage {
  readonly subject: string
  readonly payload: string
  readonly headers: Readonly<Record<string, string>>
}

/** @returns a check to be called with each message in log order: what is wrong with it, or null. */
export const createChainCheck = (): ((message: ChainedMessage) => string | null) => {
  const chains = new Map<string, string>()
  return ({ subject, payload, headers }) => {
    const expected = chainHash(chains.get(subject) ?? '', payload)
    const stated = headers[commitHeaders.hash] ?? ''
    chains.set(subject, stated)
    return stated === expected ? null : 'its hash does not follow from the commit before it'
  }
}
