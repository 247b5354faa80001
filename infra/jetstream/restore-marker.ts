// A note on the stream while it is written back: nobody works with half a log, and the next attempt knows what it finds.
import type { StreamInfo } from '@nats-io/jetstream'
import { z } from 'zod'

const restoreMarker = z.object({
  restore: z.string(),
  epoch: z.string(),
  upTo: z.int(),
  /** True when the log was empty before: what is wrong with it then is ours, and may be thrown away. */
  fresh: z.boolean(),
})
export type RestoreMarker = Readonly<z.infer<typeof restoreMarker>>

export const markerOf = ({ config }: Pick<StreamInfo, 'config'>): RestoreMarker | null => {
  try {
    return restoreMarker.safeParse(JSON.parse(config.description ?? '')).data ?? null
  } catch {
    return null
  }
}
