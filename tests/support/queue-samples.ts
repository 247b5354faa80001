// Sessions in line and settings of the queue, for tests.
import type { z } from 'zod'
import type { QueuedSession } from '../../domain/queue/queue-state.ts'
import { orgId, sessionId } from '../../schemas/ids.ts'
import { type QueueSettings, queueSettings } from '../../schemas/queue.ts'

export const minute = 60_000

export const limits = (changes: z.input<typeof queueSettings>): QueueSettings => queueSettings.parse(changes)

export const waiter = (number: number, changes: Partial<Omit<QueuedSession, 'org'>> & { org?: string } = {}) => ({
  id: sessionId.parse(`ses_${String(number).padStart(6, '0')}`),
  chain: 'default',
  lane: 'normal' as const,
  since: number,
  ...changes,
  org: orgId.parse(changes.org ?? 'one'),
})
