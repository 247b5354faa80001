// Who works for whom: an agent's helpers, and the line of agents above a helper.
import type { ExecutionId } from '../../schemas/ids.ts'
import type { Execution, PresentSession } from './session-state.ts'

export const helpersOf = (state: PresentSession, id: ExecutionId): readonly Execution[] =>
  Object.values(state.executions).filter(({ helper }) => helper?.parentId === id)

/** The execution itself, its parent, and so on up to the agent of the plan. */
export const lineageOf = (state: PresentSession, id: ExecutionId): readonly Execution[] => {
  const line: Execution[] = []
  for (let each = state.executions[id]; each !== undefined && !line.includes(each); ) {
    line.push(each)
    const above: Execution | undefined = each.helper === null ? undefined : state.executions[each.helper.parentId]
    each = above
  }
  return line
}

export const isAtWork = ({ status }: Execution): boolean => status === 'running' || status === 'planned'

/** What a helper reports, in the words its parent reads. */
export const reportOf = ({ id, agent, status, conclusion, cause }: Execution): string => {
  const said = status === 'completed' ? (conclusion?.text ?? '') : (cause?.message ?? 'It gave no reason.')
  return `Helper ${agent.name} (${id}) ${status}:\n${said}`
}
