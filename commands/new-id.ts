// Where ids are made: prefixed ULIDs, so that they sort by the moment they were made.
import { createHash, randomFillSync } from 'node:crypto'
import { encodeTime, monotonicFactory } from 'ulid'
import {
  type AlertId,
  alertId,
  type CommandId,
  commandId,
  type OrgId,
  type SessionId,
  sessionId,
  type TaskId,
  taskId,
} from '../schemas/ids.ts'

/** Drawn in pages: asking the system for one byte at a time costs more than the rest of an id. */
const page = new Uint8Array(4_096)
let used = page.length
const random = (): number => {
  if (used === page.length) {
    randomFillSync(page)
    used = 0
  }
  return (page[used++] ?? 0) / 256
}

const ulid = monotonicFactory(random)
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export const newSessionId = (): SessionId => sessionId.parse(`ses_${ulid()}`)
export const newTaskId = (): TaskId => taskId.parse(`tsk_${ulid()}`)
export const newCommandId = (): CommandId => commandId.parse(`cmd_${ulid()}`)

/** A session id that the same cause always yields: its time from the cause, the rest from the cause's key. */
export const derivedSessionId = (at: Date, key: string): SessionId =>
  // Not from the monotonic factory: that never goes back in time, so an older cause would get another id the second time.
  sessionId.parse(`ses_${encodeTime(at.getTime(), 10)}${hashed(key, 16)}`)

/** One alert stream per org and fingerprint. */
export const alertIdOf = (org: OrgId, fingerprint: string): AlertId =>
  alertId.parse(`alr_${hashed(`${org}\n${fingerprint}`, 26)}`)

const hashed = (text: string, length: number): string =>
  [...createHash('sha256').update(text).digest().subarray(0, length)].map((byte) => crockford[byte % 32]).join('')
