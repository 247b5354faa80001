// Budgets as bars: what is used of what may be.
import { Group, Progress, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { SessionView } from '../../../../projections/session-view.ts'
import type { BudgetKind } from '../../../../schemas/session-inputs.ts'
import { costText } from '../../parts/cost.tsx'
import type { Board } from './board.ts'
import { budgetUse } from './budget-use.ts'

interface BudgetBarsProps {
  readonly view: SessionView
  readonly board: Board
}

const names: Readonly<Record<BudgetKind, string>> = {
  tokens: 'Tokens',
  cost: 'Cost',
  wall_time: 'Time',
  tool_calls: 'Tool calls',
}

export const BudgetBars = ({ view, board }: BudgetBarsProps) => {
  const [now, setNow] = useState(() => Date.now())
  const running = view.endedAt === null
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [running])
  const written = (budget: BudgetKind, amount: number): string => {
    switch (budget) {
      case 'cost':
        return `$${(amount / 1e6).toFixed(3)}`
      case 'wall_time':
        return duration(amount)
      default:
        return amount.toLocaleString('en')
    }
  }
  return (
    <Stack gap={6}>
      {budgetUse(view, board, now).map(({ budget, used, limit }) => {
        const share = limit === null ? 0 : (100 * used) / limit
        const spent = budget === 'cost' ? costText(view.cost) : written(budget, used)
        return (
          <div key={budget}>
            <Group justify="space-between" gap="xs">
              <Text size="xs">{names[budget]}</Text>
              <Text size="xs">{limit === null ? spent : `${spent} of ${written(budget, limit)}`}</Text>
            </Group>
            {limit !== null && (
              <Progress
                value={Math.min(100, share)}
                color={share >= 100 ? 'red' : share >= 80 ? 'orange' : 'blue'}
                size="sm"
                aria-label={`${names[budget]} used: ${Math.round(share)} %`}
              />
            )}
          </div>
        )
      })}
    </Stack>
  )
}

const duration = (seconds: number): string => {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  return whole < 3_600
    ? `${Math.floor(whole / 60)} min ${whole % 60} s`
    : `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`
}
