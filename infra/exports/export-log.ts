// Sessions, alerts and tasks as lines of JSON, one CloudEvent each, with the long texts they name: for another Casebook, or any other reader.
import type { NatsConnection } from '@nats-io/transport-node'
import type { BlobStore } from '../../handlers/ports/blob-store.ts'
import { type BlobEvent, linesOfCommit } from '../../schemas/export-line.ts'
import type { OrgId, SessionId } from '../../schemas/ids.ts'
import { messagesOf } from '../jetstream/messages-of.ts'
import { eventSubject, parseEventSubject } from '../jetstream/subjects.ts'

/** Configuration, ledgers and access belong to an installation: a backup has them. */
export const exported: ReadonlySet<string> = new Set(['session', 'alert', 'task'])

const named = /"(?:sha256|blob)":"([0-9a-f]{64})"/g

/** A null session is all of the org, in log order. Yields nothing when there is nothing. @throws LogUnavailable. */
export async function* exportLog(
  connection: NatsConnection,
  blobs: Pick<BlobStore, 'get'>,
  { org, session }: { readonly org: OrgId; readonly session: SessionId | null },
): AsyncGenerator<string> {
  const filter = session === null ? `casebook.events.${org}.>` : eventSubject({ org, category: 'session', id: session })
  const told = new Set<string>()
  for await (const commit of messagesOf(connection, filter)) {
    if (!exported.has(parseEventSubject(commit.subject)?.category ?? '')) continue
    for (const [, hash = ''] of commit.payload.matchAll(named)) {
      const bytes = told.has(hash) ? null : await blobs.get(hash)
      told.add(hash)
      if (bytes !== null) yield `${JSON.stringify(blobLine(org, hash, bytes))}\n`
    }
    for (const line of linesOfCommit(commit)) yield `${line}\n`
  }
}

const blobLine = (org: OrgId, id: string, bytes: Uint8Array): BlobEvent => ({
  specversion: '1.0',
  id,
  source: `/casebook/${org}`,
  type: 'casebook.blob.v1',
  datacontenttype: 'application/octet-stream',
  data_base64: Buffer.from(bytes).toString('base64'),
})
