// Everything the HTTP door needs, passed in: the door knows ports and no driver.
import type { CommandBus } from '../../commands/command.ts'
import type { SessionReader, WriteSide } from '../../commands/command-bus.ts'
import type { EventLog } from '../../commands/event-log.ts'
import type { CommitFeed } from '../../handlers/ports/commit-feed.ts'
import type { LiveDelta } from '../../handlers/ports/live-channel.ts'
import type { Log } from '../../handlers/ports/log.ts'
import type { StoreText } from '../../handlers/store-text.ts'
import type { LogReader } from '../../projections/log-reader.ts'
import type { LogSequence, OrgId } from '../../schemas/ids.ts'
import type { JsonValue } from '../../schemas/json-value.ts'
import type { AlertPublisher } from '../alerts/alert-publisher.ts'
import type { RequestKeys } from '../request-keys.ts'

export interface HttpDependencies {
  readonly bus: CommandBus & SessionReader & Pick<WriteSide, 'alert'>
  /** Fresh reads of one stream: `/events`, `/state` and the session stream. */
  readonly eventLog: Pick<EventLog, 'read'>
  readonly logReader: LogReader
  readonly commitFeed: CommitFeed
  readonly live: LiveSource
  readonly queries: HttpQueries
  readonly projections: ProjectionControl
  readonly alertIntake: AlertPublisher
  readonly requestKeys: RequestKeys
  readonly storeText: StoreText
  /** Cheap enough to be asked every second. */
  readonly health: () => Promise<HealthReport>
  /** Prometheus text; absent answers 404. */
  readonly metrics?: (() => Promise<string>) | undefined
  readonly verifyAudit?: ((options: { readonly org: OrgId; readonly session?: string }) => Promise<JsonValue>) | undefined
  readonly deadLetters?: DeadLetterSource | undefined
  readonly log: Log
  readonly options: HttpOptions
}

export interface HttpOptions {
  /** Bearer token; without one only loopback is served. */
  readonly token?: string | undefined
  /** Shown in the OpenAPI document. */
  readonly version: string
  /** How long a query waits for `?after=`; 5 s. */
  readonly waitMs?: number
  /** Between two heartbeats of a stream; 15 s. */
  readonly heartbeatMs?: number
  /** Bytes a stream's client may be behind before it is told `lagged`; 1 MiB. */
  readonly clientBufferBytes?: number
}

export interface HttpServer {
  /** @returns the address served, such as `http://127.0.0.1:8080`. @throws UnsafeListen for another host without a token. */
  listen(host: string, port: number): Promise<string>
  /** Ends open streams, answers what is under way, then stops. */
  close(): Promise<void>
}

/** Model deltas: what is still held of a session, and every new one. */
export interface LiveSource {
  sofar(org: OrgId, session: string): Promise<readonly LiveDelta[]>
  follow(listener: (org: OrgId, delta: LiveDelta) => void): () => void
}

export interface DeadLetterSource {
  count(): Promise<number>
  list(limit: number): Promise<readonly { readonly id: number; readonly [field: string]: unknown }[]>
}

export interface HealthReport {
  /** True when requests can be served: log, database and projections usable. */
  readonly ready: boolean
  readonly parts: Readonly<Record<string, { readonly ok: boolean; readonly detail?: string | undefined }>>
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

export interface SessionFilter {
  readonly status?: string | undefined
  readonly chain?: string | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly text?: string | undefined
  /** ISO 8601, inclusive. */
  readonly from?: string | undefined
  /** ISO 8601, exclusive. */
  readonly to?: string | undefined
}

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}

/** The read side as this door uses it; rows go out as they are. */
export interface HttpQueries {
  sessions(org: OrgId, filter: SessionFilter, page: PageRequest): Promise<Page<unknown>>
  session(org: OrgId, id: string): Promise<unknown>
  timeline(org: OrgId, session: string, page: PageRequest): Promise<Page<unknown>>
  toolCalls(org: OrgId, session: string, page: PageRequest): Promise<Page<unknown>>
  alerts(org: OrgId, filter: { readonly status?: string | undefined }, page: PageRequest): Promise<Page<unknown>>
  alert(org: OrgId, id: string): Promise<unknown>
}

export interface ProjectionControl {
  status(): Promise<readonly { readonly name: string; readonly [field: string]: unknown }[]>
  rebuild(name: string): Promise<void>
  resume(name: string): Promise<void>
  /** @returns false when the projection is not there after `timeoutMs`. */
  waitFor(name: string, sequence: LogSequence, timeoutMs: number): Promise<boolean>
}
