// Costs as stacked bars. The table beside it says the same in numbers, so the picture needs no words of its own.
import { Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import classes from './cost-chart.module.css'
import { barsOf, type CostLine, tokensOf } from './cost-lines.ts'

const measures = {
  'US dollars': ({ priced }: CostLine) => priced.usdMicros / 1e6,
  Tokens: tokensOf,
  Replies: ({ priced, unpriced }: CostLine) => priced.replies + unpriced.replies,
} as const
const names = ['US dollars', 'Tokens', 'Replies'] as const
type Measure = (typeof names)[number]

const mostBars = 60
const [height, width, gap] = [140, 600, 2]
const colors = 8

interface CostChartProps {
  readonly lines: readonly CostLine[]
  readonly by: string
  readonly split: string
}

export const CostChart = ({ lines, by, split }: CostChartProps) => {
  const unpriced = lines.every(({ priced }) => priced.usdMicros === 0)
  const [measure, setMeasure] = useState<Measure>(unpriced ? 'Tokens' : 'US dollars')
  const bars = barsOf(lines, measures[measure]).slice(0, mostBars)
  const most = Math.max(...bars.map(({ total }) => total), Number.MIN_VALUE)
  const each = Math.min(60, width / bars.length)
  const parts = [...new Set(lines.map((line) => line.split ?? ''))]
  return (
    <Stack gap={4} component="figure" m={0}>
      <Group justify="space-between">
        <Text size="xs" c="dimmed" component="figcaption">
          {measure} by {by} and {split}, at most {most < 1 ? most.toFixed(3) : Math.round(most)}
        </Text>
        <SegmentedControl
          size="xs"
          data={[...names]}
          value={measure}
          onChange={(value) => setMeasure(names.find((name) => name === value) ?? measure)}
          aria-label="What is drawn"
        />
      </Group>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        className={classes['chart']}
        role="img"
        aria-label={`Costs by ${by}`}
      >
        {bars.map(({ key, parts: stacked }, index) => {
          let below = 0
          return (
            <g key={key}>
              {stacked.map(({ name, value, color }) => {
                const size = (value / most) * height
                below += size
                return (
                  <rect
                    key={name}
                    x={index * each}
                    y={height - below}
                    width={Math.max(1, each - gap)}
                    height={size}
                    className={classes[`color${color % colors}`]}
                  >
                    <title>{`${key} ${name}: ${value < 1 ? value.toFixed(4) : value}`}</title>
                  </rect>
                )
              })}
            </g>
          )
        })}
      </svg>
      <Group gap="xs">
        {parts.slice(0, colors).map((name, index) => (
          <Text key={name} size="xs">
            <span className={`${classes['swatch']} ${classes[`color${index}`]}`} aria-hidden /> {name || '(none)'}
          </Text>
        ))}
      </Group>
    </Stack>
  )
}
