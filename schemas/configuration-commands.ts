// Commands about the configuration: only the process that loaded one sends them.
import { z } from 'zod'
import { configurationEventData } from './configuration-events.ts'

const { changes: _, ...loaded } = configurationEventData['configuration.loaded'].shape

export const configurationCommandData = {
  /** The same version again is already so: every process reports what it loads. */
  RecordConfiguration: z.strictObject(loaded),
} as const
