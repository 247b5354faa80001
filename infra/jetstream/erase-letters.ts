// Takes the parked messages of a session out of the dead letters, and what was decided of them.
import type { JetStreamManager } from '@nats-io/jetstream'
import { deadLetter } from '../../schemas/dead-letter.ts'
import { everyMessage } from './every-message.ts'
import { deadStream } from './streams.ts'
import { decidedSubject } from './subjects.ts'

/**
 * One that names the session anywhere is of it: a commit, a command for it. Again, it removes what is left.
 * @returns the blobs that held their payloads whole.
 */
export const eraseLetters = async (manager: JetStreamManager, session: string): Promise<readonly string[]> => {
  const blobs: string[] = []
  for await (const message of everyMessage(manager, deadStream)) {
    if (!message.string().includes(session)) continue
    const letter = deadLetter.safeParse(message.json()).data
    if (letter === undefined) continue
    const { id, consumer, payloadBlob } = letter
    if (payloadBlob !== undefined) blobs.push(payloadBlob.sha256)
    const decided = id === undefined ? null : { last_by_subj: decidedSubject(consumer, id) }
    const decision = decided === null ? null : await manager.streams.getMessage(deadStream, decided)
    if (decision !== null) await manager.streams.deleteMessage(deadStream, decision.seq)
    await manager.streams.deleteMessage(deadStream, message.seq)
  }
  return blobs
}
