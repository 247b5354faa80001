// The plan as a graph: every stage with its state as a colour and a sign, and what each waits for.
import { Box, Text, UnstyledButton } from '@mantine/core'
import type { Board } from './board.ts'
import classes from './plan-graph.module.css'
import { layoutPlan } from './plan-layout.ts'

interface PlanGraphProps {
  readonly board: Board
  readonly onStage: (stageId: string) => void
}

const [width, height, gapX, gapY] = [116, 40, 12, 26] as const

const signs: Readonly<Record<string, string>> = {
  planned: '○',
  running: '●',
  completed: '✓',
  failed: '✕',
  cancelled: '⊘',
}

export const PlanGraph = ({ board: { stages: known }, onStage }: PlanGraphProps) => {
  const stages = Object.values(known)
  const places = layoutPlan(stages)
  const widest = Math.max(1, ...places.map(({ slot }) => slot + 1))
  const deepest = Math.max(1, ...places.map(({ layer }) => layer + 1))
  const inLayer = (layer: number): number => places.filter((place) => place.layer === layer).length
  const corner = (id: string): { readonly x: number; readonly y: number } | null => {
    const place = places.find((each) => each.id === id)
    if (place === undefined) return null
    const spare = ((widest - inLayer(place.layer)) * (width + gapX)) / 2
    return { x: spare + place.slot * (width + gapX), y: place.layer * (height + gapY) }
  }
  const size = { width: widest * (width + gapX) - gapX + 2, height: deepest * (height + gapY) - gapY + 2 }
  if (stages.length === 0) return <Text size="sm">There is no plan yet.</Text>
  return (
    <Box style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label="The plan as a graph">
      <div className={classes.graph} style={size}>
        <svg {...size} className={classes.edges} aria-hidden="true">
          {stages.flatMap(({ id, dependsOn }) =>
            dependsOn.map((from) => <Edge key={`${from}-${id}`} from={corner(from)} to={corner(id)} />),
          )}
        </svg>
        {stages.map(({ id, name, status, planned }) => {
          const at = corner(id)
          const cycle = planned.cycle === undefined || planned.cycle === 1 ? '' : ` ↻${planned.cycle}`
          return at === null ? null : (
            <UnstyledButton
              key={id}
              className={classes.node}
              data-status={status}
              style={{ left: at.x, top: at.y, width, height }}
              title={`${name}${cycle}: ${status}`}
              aria-label={`${name}${cycle}: ${status}`}
              onClick={() => onStage(id)}
            >
              <span aria-hidden="true">{signs[status] ?? '?'}</span>
              <span className={classes.name}>{`${name}${cycle}`}</span>
            </UnstyledButton>
          )
        })}
      </div>
    </Box>
  )
}

interface EdgeProps {
  readonly from: { readonly x: number; readonly y: number } | null
  readonly to: { readonly x: number; readonly y: number } | null
}

const Edge = ({ from, to }: EdgeProps) => {
  if (from === null || to === null) return null
  const [x1, y1, x2, y2] = [from.x + width / 2, from.y + height, to.x + width / 2, to.y]
  const bend = (y2 - y1) / 2
  return <path d={`M ${x1} ${y1} C ${x1} ${y1 + bend}, ${x2} ${y2 - bend}, ${x2} ${y2}`} />
}
