// An event as the API gives it: a CloudEvent with its place in the log.
import type { components } from '../../api/schema.d.ts'

export type StoredEvent = components['schemas']['StoredEvent']
