// Something that goes on without being as it should: a code, words for a person, and where to look.
import { z } from 'zod'

export const warning = z
  .object({
    code: z.enum(['dead_letters', 'projection_paused', 'tool_server_down']),
    message: z.string(),
    nextStep: z.string(),
    /** What it is about: a handler, a read model, a server. */
    about: z.string(),
  })
  .meta({ id: 'Warning' })
export type Warning = Readonly<z.infer<typeof warning>>
