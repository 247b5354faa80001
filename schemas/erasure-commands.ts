// What the janitor records of an erasure; people ask for one with EraseSession.
import { z } from 'zod'
import { erasureEventData } from './erasure-events.ts'
import { sessionId } from './ids.ts'

export const erasureCommandData = {
  RecordErasure: z.strictObject(erasureEventData['erasure.recorded'].shape),
  CompleteErasure: z.strictObject({ sessionId, ...erasureEventData['erasure.completed'].shape }),
} as const
