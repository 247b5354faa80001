// Two small charts of a day, hour by hour; each bar leads to what began in its hour.
import { Group, Text, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { Bars } from './bars.tsx'
import classes from './overview-page.module.css'

interface Bucket {
  readonly from: string
  readonly opened: number
  readonly joined: number
  readonly started: number
  readonly completed: number
  readonly failed: number
}

interface PastDayProps {
  readonly buckets: readonly Bucket[]
  readonly now: string
}

export const PastDay = ({ buckets, now }: PastDayProps) => {
  const navigate = useNavigate()
  const spanOf = (index: number) => ({ from: buckets[index]?.from ?? now, to: buckets[index + 1]?.from ?? now })
  const total = (of: (bucket: Bucket) => number): number => buckets.reduce((sum, bucket) => sum + of(bucket), 0)
  return (
    <div className={classes['charts']}>
      <Chart
        name="Alerts by the hour"
        keys={['opened a session', 'joined one']}
        words={`${total(({ opened }) => opened)} opened a session and ${total(({ joined }) => joined)} joined one in 24 hours.`}
      >
        <Bars
          label="Alerts by the hour"
          bars={buckets.map(({ from, opened, joined }) => ({ from, parts: [opened, joined] }))}
          onChoose={(index) => void navigate({ to: '/alerts', search: spanOf(index) })}
        />
      </Chart>
      <Chart
        name="Sessions by the hour they began"
        keys={['completed', 'under way or cancelled', 'failed']}
        words={`${total(({ started }) => started)} began in 24 hours, ${total(({ failed }) => failed)} of them failed.`}
      >
        <Bars
          label="Sessions by the hour they began"
          bars={buckets.map(({ from, started, completed, failed }) => ({
            from,
            parts: [completed, started - completed - failed, failed],
          }))}
          onChoose={(index) => void navigate({ to: '/sessions', search: spanOf(index) })}
        />
      </Chart>
    </div>
  )
}

interface ChartProps {
  readonly name: string
  readonly keys: readonly string[]
  readonly words: string
  readonly children: React.ReactNode
}

const colors = ['first', 'second', 'third'] as const

const Chart = ({ name, keys, words, children }: ChartProps) => (
  <figure style={{ margin: 0 }}>
    <Title order={2} size="h5">
      {name}
    </Title>
    {children}
    <Group gap="sm" component="figcaption">
      {keys.map((key, index) => (
        <Group key={key} gap={4} wrap="nowrap">
          <svg className={classes['key']} aria-hidden="true">
            <rect width="10" height="10" className={classes[colors[index] ?? 'first']} />
          </svg>
          <Text size="xs">{key}</Text>
        </Group>
      ))}
      <Text size="xs" c="dimmed">
        {words}
      </Text>
    </Group>
  </figure>
)
