// Everything the HTTP door needs, passed in: the door knows ports and no driver.
import type { CommandBus } from '../../commands/command.ts'
import type { ErasureReader, SessionReader, WriteSide } from '../../commands/command-bus.ts'
import type { EventLog } from '../../commands/event-log.ts'
import type { RequestKeys } from '../../commands/request-keys.ts'
import type { CheckArguments } from '../../handlers/check-proposed.ts'
import type { BlobStore } from '../../handlers/ports/blob-store.ts'
import type { CommitFeed } from '../../handlers/ports/commit-feed.ts'
import type { DeadLetters } from '../../handlers/ports/dead-letters.ts'
import type { Log } from '../../handlers/ports/log.ts'
import type { PersonKeys } from '../../handlers/ports/person-keys.ts'
import type { ToolServerHealth } from '../../handlers/ports/tool-box.ts'
import type { QueueView } from '../../handlers/queue-view.ts'
import type { StoreText } from '../../handlers/store-text.ts'
import type { AuditReport } from '../../projections/audit-verify.ts'
import type { LogReader } from '../../projections/log-reader.ts'
import type { ProjectionSet } from '../../projections/projection-set.ts'
import type { Queries } from '../../projections/queries.ts'
import type { Actor } from '../../schemas/actor.ts'
import type { ExplainedPart, ReportedIssue } from '../../schemas/configuration-report.ts'
import type { ConsumerStanding } from '../../schemas/consumer-standing.ts'
import type { OrgId, SessionId } from '../../schemas/ids.ts'
import type { LiveDelta } from '../../schemas/live-delta.ts'
import type { Overrides } from '../../schemas/overrides.ts'
import type { RetentionPolicies, RetentionPreview } from '../../schemas/retention.ts'
import type { Warning } from '../../schemas/warning.ts'
import type { AlertPublisher } from '../alerts/alert-publisher.ts'

export interface HttpDependencies {
  readonly bus: CommandBus & ErasureReader & SessionReader & Pick<WriteSide, 'alert'>
  /** Fresh reads of one stream: `/events`, `/state` and the session stream. */
  readonly eventLog: Pick<EventLog, 'read'>
  readonly logReader: LogReader
  readonly commitFeed: CommitFeed
  readonly live: LiveSource
  readonly queries: Queries
  /** Of one projection, as it was after a message of the log. @throws AsOfNotFound, ProjectionBehind. */
  readonly queriesAsOf: (name: string, sequence: number) => Promise<Queries>
  readonly projections: Omit<ProjectionSet, 'stop'>
  readonly alertIntake: AlertPublisher
  readonly requestKeys: RequestKeys
  /** Of the sessions that wait for a place. */
  readonly queue: QueueView
  readonly storeText: StoreText
  readonly blobs: Pick<BlobStore, 'get'>
  /** By the schema of a tool, for arguments that people write. */
  readonly checkArguments: CheckArguments
  /** Cheap enough to be asked every second. */
  readonly health: () => Promise<HealthReport>
  /** Prometheus text; absent answers 404. */
  readonly metrics?: (() => Promise<string>) | undefined
  /** `session` narrows the check to one session of the org; null checks the whole log. */
  readonly verifyAudit: (
    scope: { readonly org: OrgId; readonly session: SessionId | null; readonly against: 'postgres' | 'archive' },
    signal: AbortSignal,
  ) => Promise<AuditReport>
  readonly deadLetters: Omit<DeadLetters, 'park'>
  /** What somebody should look at; absent tells of nothing. */
  readonly warnings?: (() => Promise<readonly Warning[]>) | undefined
  /** The lines of a backup of everything; absent answers 404. @throws LogUnavailable. */
  readonly takeBackup?: ((signal: AbortSignal) => Promise<AsyncIterable<string>>) | undefined
  /** Whose key somebody's texts are sealed with; absent knows nobody. */
  readonly personOf?: PersonKeys['find'] | undefined
  /** An answer with what is sealed in it opened, or marked as forgotten. @throws DatabaseUnavailable (retryable). */
  readonly openPersonal?: ((org: OrgId, value: unknown) => Promise<unknown>) | undefined
  /** A text of a person as it is kept elsewhere than on the log; absent where personal fields are plain. @throws DatabaseUnavailable (retryable). */
  readonly sealPersonal?: ((org: OrgId, by: Actor, text: string, place: string) => Promise<string>) | undefined
  /** What retention policies would erase in an org by a moment; absent answers 404. */
  readonly previewRetention?:
    | ((asked: {
        readonly org: OrgId
        readonly at: string
        readonly limit: number
        /** Instead of those of the configuration. */
        readonly policies: RetentionPolicies | null
      }) => Promise<RetentionPreview>)
    | undefined
  /** The lines of keys and tombstones beside a backup; absent answers 404. @throws LogUnavailable, DatabaseUnavailable. */
  readonly takeApart?: (() => AsyncIterable<string>) | undefined
  /** Absent answers 404. */
  readonly exports?: Exports | undefined
  /** Of the servers in the configuration; absent where no tools are called. */
  readonly toolServers?: (() => readonly ToolServerHealth[]) | undefined
  /** How far the handlers are; absent tells of none. @throws LogUnavailable. */
  readonly consumers?: (() => Promise<readonly ConsumerStanding[]>) | undefined
  /** Absent answers 404. */
  readonly configuration?: ConfigurationInForce | undefined
  /** Millionths of a dollar an org may spend on a day, with what people added; null without such a budget. Absent knows of none. */
  readonly dayLimit?: ((org: OrgId, day: string) => Promise<number | null>) | undefined
  /** Alerts of an org that are taken and not decided yet. Absent knows of none. @throws LogUnavailable (retryable). */
  readonly intakeBacklog?:
    | ((org: OrgId) => Promise<{ readonly waiting: number; readonly oldestAt: string | null }>)
    | undefined
  /** What overrides name that is not in the configuration; absent takes everything. */
  readonly overrideFaults?: ((overrides: Overrides) => readonly string[]) | undefined
  readonly log: Log
  readonly options: HttpOptions
}

export interface HttpOptions {
  /** Bearer token; without one only loopback is served. */
  readonly token?: string | undefined
  /** Where the dashboard was built to; absent serves none. */
  readonly dashboard?: string | undefined
  /** Shown in the OpenAPI document. */
  readonly version: string
  /** How long a query waits for `?after=`; 5 s. */
  readonly waitMs?: number
  /** How long any other answer may take to begin before it is a 503; 20 s. */
  readonly answerWithinMs?: number
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

export interface ConfigurationInForce {
  summary(): {
    readonly hash: string
    readonly loadedAt: string
    readonly defaultChain: string
    readonly chains: string[]
    readonly warnings: ReportedIssue[]
  }
  /** Null when there is no such chain. */
  explain(chain: string): readonly ExplainedPart[] | null
}

export interface HealthReport {
  /** True when requests can be served: log, database and projections usable. */
  readonly ready: boolean
  readonly parts: Readonly<Record<string, { readonly ok: boolean; readonly detail?: string | undefined }>>
}

export interface Exports {
  /** A null session is all of the org. Lines as they are stored. @throws LogUnavailable. */
  exportLog(scope: { readonly org: OrgId; readonly session: SessionId | null }): AsyncIterable<string>
  /** @throws LinesRefused, ImportConflict before anything is written; ImportBrokenOff, LogUnavailable (retryable). */
  importLog(
    org: OrgId,
    file: string,
  ): Promise<{
    readonly streams: number
    readonly commits: number
    readonly written: number
    readonly blobs: number
    /** Sessions of the file that were erased here: they are left out. */
    readonly erased: number
  }>
}
