// Every event type Casebook stores, as one discriminated union.
import type { z } from 'zod'
import { alertEventData } from './alert-events.ts'
import { configurationEventData } from './configuration-events.ts'
import { erasureEventData } from './erasure-events.ts'
import { type EventShapes, presentVersion } from './event-reader.ts'
import { earlierVersions } from './event-versions.ts'
import { ledgerEventData } from './ledger-events.ts'
import { personEventData } from './person-events.ts'
import { sessionEventData } from './session-events.ts'
import { taskEventData } from './task-events.ts'

export const eventData = {
  ...sessionEventData,
  ...alertEventData,
  ...taskEventData,
  ...configurationEventData,
  ...ledgerEventData,
  ...erasureEventData,
  ...personEventData,
} as const

export type EventType = keyof typeof eventData
export type EventData<T extends EventType> = Readonly<z.infer<(typeof eventData)[T]>>
/** One event as the domain sees it: what happened and its data. */
export type EventOf<T extends EventType> = { [K in T]: { readonly type: K; readonly data: EventData<K> } }[T]
export type DomainEvent = EventOf<EventType>
export type SessionEvent = EventOf<keyof typeof sessionEventData>
export type AlertEvent = EventOf<keyof typeof alertEventData>
export type TaskEvent = EventOf<keyof typeof taskEventData>
export type ConfigurationEvent = EventOf<keyof typeof configurationEventData>
export type ErasureEvent = EventOf<keyof typeof erasureEventData>
export type PersonEvent = EventOf<keyof typeof personEventData>
export type LedgerEvent = EventOf<keyof typeof ledgerEventData>

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventData, type)

export const isSessionEvent = <T extends { readonly type: string }>(event: T): event is T & SessionEvent =>
  Object.hasOwn(sessionEventData, event.type)

/** Present and earlier shapes, as they are read from the log. */
export const eventShapes: EventShapes = { current: eventData, earlier: earlierVersions }

/** The CloudEvents `type` under which an event is stored from now on: its present version. */
export const storedType = (type: EventType): string => `casebook.${type}.v${presentVersion(eventShapes, type)}`
