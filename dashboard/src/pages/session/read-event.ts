// A stored event as this build knows it; one of a newer server, or of another shape, is kept and shown, never folded.
import type { RecordedEvent } from '../../../../schemas/commit.ts'
import { streamVersion } from '../../../../schemas/ids.ts'
import { recordedEvent } from '../../../../schemas/parse-event.ts'

interface StoredEvent {
  readonly id?: string
  readonly type: string
  readonly version?: number
  readonly data?: unknown
}

export const readEvent = ({ id = '', type: storedType, version, data }: StoredEvent): RecordedEvent => {
  const numbered = { id, version: streamVersion.parse(version) }
  try {
    return recordedEvent(storedType, data, numbered)
  } catch {
    return { type: 'unknown', storedType, data, ...numbered }
  }
}
