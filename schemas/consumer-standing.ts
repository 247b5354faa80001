// How far a handler, or another reader of the log and its queues, has come: as the server counts it, over all processes.
import { z } from 'zod'

export const consumerStanding = z
  .object({
    consumer: z.string(),
    stream: z.string(),
    pending: z.int().describe('Messages it has not been given yet.'),
    inFlight: z.int().describe('Given and not settled.'),
    redelivered: z.int().describe('Of those in flight, how many were given more than once.'),
    /** Log or queue sequence up to which everything is settled. */
    settledUpTo: z.int(),
    head: z.int(),
    oldest: z.iso
      .datetime()
      .nullable()
      .describe('When the oldest message that is not settled was written; null when none is.'),
  })
  .meta({ id: 'Consumer' })
export type ConsumerStanding = Readonly<z.infer<typeof consumerStanding>>
