// What an agent is given of the stages before its own: those it builds on, a synthesis in place of what it weighed.

import type { Execution, PresentSession } from '../session/session-state.ts'
import { ancestorsOf } from '../session/stage-graph.ts'
import { executionsOf } from '../session/stage-policy.ts'
import { fenced, oneLine } from './quoted-data.ts'

export const earlierFindings = (state: PresentSession, { stageId }: Execution): readonly string[] => {
  const above = ancestorsOf(state, stageId)
  const own = state.stages[stageId]?.dependsOn ?? []
  const weighed = new Set(
    Object.values(state.stages).flatMap(({ id, planned, dependsOn }) =>
      above.has(id) && planned.synthesis === true ? dependsOn : [],
    ),
  )
  return Object.values(state.stages)
    .filter(({ id }) => above.has(id) && (own.includes(id) || !weighed.has(id)))
    .flatMap((stage) => {
      const round = stage.planned.cycle === undefined ? '' : `, cycle ${stage.planned.cycle}`
      return executionsOf(state, stage)
        .filter(({ conclusion }) => conclusion !== null)
        .map(({ agent, conclusion }) =>
          fenced(`Findings of stage "${oneLine(stage.name)}"${round} by ${agent.name}`, conclusion?.text ?? ''),
        )
    })
}
