// What is sealed in the frames of a stream is opened before it goes out; the frames keep their order.
import { holdsSealed } from '../../domain/personal/sealed-text.ts'
import type { Frame, StreamWire } from './stream-wire.ts'

/** A frame that cannot be opened breaks the stream: its client resumes. */
export const openingWire = (wire: StreamWire, open: (data: unknown) => Promise<unknown>): StreamWire => {
  /** Null while nothing waits: then a frame that holds nothing sealed goes out at once. */
  let last: Promise<void> | null = null
  let broken = false

  const later = (work: () => Promise<void> | void): void => {
    const mine: Promise<void> = (last ?? Promise.resolve()).then(work).then(() => {
      if (last === mine) last = null
    })
    last = mine
  }
  const sendOpened = async (frame: Frame): Promise<void> => {
    if (broken) return
    try {
      wire.send({ ...frame, data: await open(frame.data) })
    } catch {
      broken = true
      wire.close('broken', 2_000)
    }
  }

  return {
    ...wire,
    send: (frame) => {
      if (last === null && !holdsSealed(frame.data)) wire.send(frame)
      else later(() => sendOpened(frame))
    },
    close: (why, graceMs) => {
      if (last === null) wire.close(why, graceMs)
      else later(() => (broken ? undefined : wire.close(why, graceMs)))
    },
  }
}
