// What sessions and tasks are marked with, to be filtered by.
import { z } from 'zod'

export const labels = z
  .record(z.string().min(1).max(200), z.string().max(2000))
  .refine((value) => Object.keys(value).length <= 64, 'at most 64 labels')
