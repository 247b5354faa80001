// Who caused something: carried from the edge to every event as `authtype` and `authid`.
import { z } from 'zod'

export const actor = z.object({
  kind: z.enum(['user', 'service', 'handler', 'agent']),
  /** At most 200 from outside; longer where it is sealed. */
  id: z.string().min(1).max(400),
})
export type Actor = Readonly<z.infer<typeof actor>>
