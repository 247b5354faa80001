// What somebody should look at, gathered from where it is known.
import type { DeadLetters } from '../handlers/ports/dead-letters.ts'
import type { ToolServerHealth } from '../handlers/ports/tool-box.ts'
import type { ProjectionSet } from '../projections/projection-set.ts'
import type { Warning } from '../schemas/warning.ts'

export interface WarningSources {
  readonly deadLetters: Pick<DeadLetters, 'list'>
  readonly projections: Pick<ProjectionSet, 'status'>
  readonly toolServers?: (() => readonly ToolServerHealth[]) | undefined
}

/** Letters counted one by one; beyond them it is "at least". */
const mostCounted = 1_000

export const createWarnings =
  ({ deadLetters, projections, toolServers }: WarningSources) =>
  async (): Promise<readonly Warning[]> => {
    const [letters, readModels] = await Promise.all([deadLetters.list(mostCounted), projections.status()])
    const byConsumer = Map.groupBy(letters, ({ consumer }) => consumer)
    const least = letters.length === mostCounted ? 'at least ' : ''
    return [
      ...[...byConsumer].map(
        ([about, parked]): Warning => ({
          code: 'dead_letters',
          about,
          message: `${least}${parked.length} parked by ${about}, the latest: ${parked[0]?.error.message ?? ''}`,
          nextStep: `casebook dead-letters list --consumer ${about}; then retry or drop each.`,
        }),
      ),
      ...readModels
        .filter(({ state }) => state === 'paused')
        .map(
          ({ name }): Warning => ({
            code: 'projection_paused',
            about: name,
            message: `The read model ${name} stands still at an entry that it cannot apply.`,
            nextStep: `casebook projections list names it. Mend the cause; then: casebook projections resume ${name}`,
          }),
        ),
      ...(toolServers?.() ?? [])
        .filter(({ status }) => status === 'down')
        .map(
          ({ server, ...health }): Warning => ({
            code: 'tool_server_down',
            about: server,
            message: `The tool server ${server} is down${'reason' in health ? `: ${health.reason}` : '.'}`,
            nextStep: 'Agents go on without its tools. See GET /v1/tools and the entry in mcp-servers.yaml.',
          }),
        ),
    ]
  }
