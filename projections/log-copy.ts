// The port to a copy of the log, wherever it lies: what a lost log is written back from.
import { z } from 'zod'

/** A message of the log as it was stored, byte for byte. */
export interface StoredCommit {
  readonly sequence: number
  readonly subject: string
  readonly headers: Readonly<Record<string, string>>
  readonly payload: string
}

/** As copies hold it. */
export const storedCommit: z.ZodType<StoredCommit> = z.object({
  sequence: z.int(),
  subject: z.string(),
  headers: z.record(z.string(), z.string()),
  payload: z.string(),
})

export interface LogCopy {
  /** As the command line names it: `postgres`, `archive`, or a file. */
  readonly name: string
  /** Tells it from copies of other logs: the creation time of the log it was taken from. */
  readonly epoch: string
  /** Last sequence it has seen; also when that message was erased. */
  readonly upTo: number
  /** Batches in log order, from the start; to be read more than once. Sequences that are left out were erased. */
  read(): AsyncIterable<readonly StoredCommit[]>
}
