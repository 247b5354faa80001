// The archive at an address: what mirrors into it and what reads it back, over one client.
import type { Archive } from '../../handlers/ports/archive.ts'
import type { ArchiveReader } from '../../projections/archive-reader.ts'
import { parseEventStoreUrl } from '../../schemas/eventstore-url.ts'
import { createEsdbArchive } from './esdb-archive.ts'
import { createEsdbArchiveReader } from './esdb-archive-reader.ts'
import { connectEventStore } from './esdb-client.ts'

/** Connects when it is first asked something. @throws when the file of a certificate authority cannot be read. */
export const openArchive = (url: string): { readonly archive: Archive; readonly reader: ArchiveReader } => {
  const address = parseEventStoreUrl(url)
  if (address === null) throw new Error('EVENTSTORE_URL is no address')
  const client = connectEventStore(address)
  const archive = createEsdbArchive(client)
  return { archive, reader: createEsdbArchiveReader(client, archive) }
}
