// The facts of the configuration, one stream. NOTE these names and fields are the storage format.
import { z } from 'zod'
import { storedText } from './stored-text.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** `<section>/<name>` → a digest of the entry, so that two versions can be told apart part by part. */
export const configurationEntries = z.record(z.string(), z.string())

export const configurationChange = z.object({
  /** `<section>/<name>`, such as `agents/investigator`. */
  entry: z.string(),
  what: z.enum(['added', 'changed', 'removed']),
})
export type ConfigurationChange = Readonly<z.infer<typeof configurationChange>>

export const configurationEventData = {
  'configuration.loaded': z.object({
    /** SHA-256 that names the version; a session that begins under it carries it as `configurationHash`. */
    hash: sha256,
    loadedAt: z.iso.datetime(),
    /** Against the version before. */
    changes: z.array(configurationChange),
    /** Digest of every entry by `<section>/<name>`. */
    entries: configurationEntries,
    /** The whole configuration as JSON, masked; of what is sent to servers only the names. */
    content: storedText,
  }),
} as const
