// What the session waits for, over everything else: one question at a time, in the order they were asked.
import { Group, Pagination } from '@mantine/core'
import { memo, useState } from 'react'
import type { SessionView } from '../../../../projections/session-view.ts'
import { InputCard } from '../inputs/input-card.tsx'
import { useSessionInputs } from '../inputs/session-inputs.ts'
import classes from './session-page.module.css'

interface WaitingBannerProps {
  readonly view: SessionView
}

export const WaitingBanner = memo(({ view: { id, waitingFor } }: WaitingBannerProps) => {
  const inputs = useSessionInputs(id, waitingFor).toSorted((a, b) => a.sequence - b.sequence)
  const [page, setPage] = useState(1)
  const place = Math.min(page, inputs.length)
  const input = inputs[place - 1]
  if (input === undefined) return null
  return (
    <div className={classes.banner}>
      <InputCard key={input.id} input={input} {...(inputs.length > 1 && { place: `${place} of ${inputs.length}` })} />
      {inputs.length > 1 && (
        <Group justify="end">
          <Pagination
            size="xs"
            total={inputs.length}
            value={place}
            onChange={setPage}
            getControlProps={(control) => ({ 'aria-label': `${control} question` })}
          />
        </Group>
      )}
    </div>
  )
})
