// A stored event as this build knows it; one of a newer server, or of another shape, is kept and shown, never folded.
import type { RecordedEvent } from '../../../../schemas/commit.ts'
import { eventData, isEventType } from '../../../../schemas/events.ts'
import { streamVersion } from '../../../../schemas/ids.ts'

interface StoredEvent {
  readonly id?: string
  readonly type: string
  readonly version?: number
  readonly data?: unknown
}

export const readEvent = ({ id = '', type: storedType, version, data }: StoredEvent): RecordedEvent => {
  const numbered = { id, version: streamVersion.parse(version) }
  const type = /^casebook\.(.+)\.v1$/.exec(storedType)?.[1]
  if (type !== undefined && isEventType(type)) {
    const parsed = eventData[type].safeParse(data)
    if (parsed.success) return { type, data: parsed.data, ...numbered } as RecordedEvent
  }
  return { type: 'unknown', storedType, data, ...numbered }
}
