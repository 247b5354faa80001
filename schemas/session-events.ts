// The facts of a session. NOTE these names and fields are the storage format: change them only by a new version.

import { sessionEvaluationEventData } from './evaluation.ts'
import { sessionCourseEventData } from './session-course-events.ts'
import { sessionDelegationEventData } from './session-delegation-events.ts'
import { sessionForkEventData } from './session-fork-events.ts'
import { sessionSteeringEventData } from './session-steering-events.ts'
import { sessionToolCallEventData } from './session-tool-call-events.ts'
import { sessionTurnEventData } from './session-turn-events.ts'

export const sessionEventData = {
  ...sessionCourseEventData,
  ...sessionTurnEventData,
  ...sessionToolCallEventData,
  ...sessionDelegationEventData,
  ...sessionSteeringEventData,
  ...sessionForkEventData,
  ...sessionEvaluationEventData,
} as const
