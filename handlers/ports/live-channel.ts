// The port to the ephemeral stream of model deltas: best effort, never awaited, minutes of memory.
import type { OrgId } from '../../schemas/ids.ts'
import type { LiveDelta } from '../../schemas/live-delta.ts'

export interface LiveChannel {
  publish(org: OrgId, delta: LiveDelta): void
}
