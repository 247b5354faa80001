// Every projection there is.
import { alertsProjection } from './alerts.ts'
import { auditProjection } from './audit.ts'
import { chatProjection } from './chat.ts'
import { costsProjection } from './costs.ts'
import { evaluationsProjection } from './evaluations.ts'
import { inputsProjection } from './inputs.ts'
import type { Projection } from './projection.ts'
import { sessionsProjection } from './sessions.ts'
import { tasksProjection } from './tasks.ts'
import { timelineProjection } from './timeline.ts'
import { toolCallsProjection } from './tool-calls.ts'

export const projections: readonly Projection[] = [
  sessionsProjection,
  timelineProjection,
  alertsProjection,
  toolCallsProjection,
  inputsProjection,
  chatProjection,
  tasksProjection,
  costsProjection,
  evaluationsProjection,
  auditProjection,
]
