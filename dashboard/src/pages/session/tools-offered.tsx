// The tools agents were offered, by server, with what each call may do; and servers that were away.
import { Group, Text } from '@mantine/core'
import type { SessionView } from '../../../../projections/session-view.ts'
import type { OfferedTool } from '../../../../schemas/tool.ts'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { Part } from './about-part.tsx'
import type { Board } from './board.ts'

interface ToolsOfferedProps {
  readonly view: SessionView
  readonly board: Board
}

const risks = { read_only: 'only reads', idempotent: 'may be repeated', unsafe: 'may change something' } as const

export const ToolsOffered = ({ view, board: { tools: offered } }: ToolsOfferedProps) => {
  const all = Object.values(offered)
  const tools = new Map(all.flatMap((each) => each.tools.map((tool) => [tool.name, tool] as const)))
  const away = new Map(all.flatMap(({ unavailable }) => unavailable.map(({ server, reason }) => [server, reason])))
  const servers = Map.groupBy(tools.values(), ({ server }) => server)
  if (tools.size === 0 && away.size === 0) return null
  const to = ({ name }: OfferedTool): string => {
    const agents = [...view.executions, ...view.helpers].filter(({ id }) =>
      offered[id]?.tools.some((tool) => tool.name === name),
    )
    return [...new Set(agents.map(({ agent }) => agent))].join(', ')
  }
  return (
    <Part title={`Tools offered (${tools.size})`}>
      {[...away].map(([server, reason]) => (
        <Text key={server} size="xs">
          <StatusBadge status="away" size="xs" /> <b>{server}</b>: {reason}
        </Text>
      ))}
      {[...servers].map(([server, own]) => (
        <details key={server}>
          <summary>
            <Text span size="xs" fw={600}>{`${server} (${own.length})`}</Text>
          </summary>
          {own.map((tool) => (
            <Group key={tool.name} gap={6} wrap="nowrap" align="start" title={`Offered to ${to(tool)}`}>
              <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
                <b>{tool.tool}</b>
                {` (${risks[tool.effect]}) `}
                <Text span size="xs" c="dimmed">
                  {tool.description.slice(0, 200)}
                </Text>
              </Text>
            </Group>
          ))}
        </details>
      ))}
    </Part>
  )
}
