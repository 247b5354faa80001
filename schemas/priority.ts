// How urgent a session is: the lane of the queue in which it waits for a place.
import { z } from 'zod'

/** Most urgent first. */
export const priority = z.enum(['critical', 'high', 'normal', 'low'])
export type Priority = z.infer<typeof priority>
