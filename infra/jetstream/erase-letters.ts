// The parked messages of a session, and what was decided of them: found first, and taken out of the dead letters once nothing forbids it.
import type { JetStreamManager } from '@nats-io/jetstream'
import { deadLetter } from '../../schemas/dead-letter.ts'
import { everyMessage } from './every-message.ts'
import { deadStream } from './streams.ts'
import { decidedSubject } from './subjects.ts'

export interface LettersOfSession {
  /** Of letters, each before what was decided of it. */
  readonly sequences: readonly number[]
  /** Hashes of the blobs that hold their payloads whole. */
  readonly blobs: readonly string[]
}

/** One that names the session anywhere is of it: a commit, a command for it. */
export const lettersOf = async (manager: JetStreamManager, session: string): Promise<LettersOfSession> => {
  const sequences: number[] = []
  const blobs: string[] = []
  for await (const message of everyMessage(manager, deadStream)) {
    if (!message.string().includes(session)) continue
    const letter = deadLetter.safeParse(message.json()).data
    if (letter === undefined) continue
    const { id, consumer, payloadBlob } = letter
    if (payloadBlob !== undefined) blobs.push(payloadBlob.sha256)
    const decided = id === undefined ? null : { last_by_subj: decidedSubject(consumer, id) }
    const decision = decided === null ? null : await manager.streams.getMessage(deadStream, decided)
    sequences.push(message.seq, ...(decision === null ? [] : [decision.seq]))
  }
  return { sequences, blobs }
}

/** Decisions before their letters: what is left of a broken attempt is found again by the letter. */
export const eraseLetters = async (manager: JetStreamManager, { sequences }: LettersOfSession): Promise<void> => {
  for (const sequence of sequences.toReversed()) await manager.streams.deleteMessage(deadStream, sequence)
}
