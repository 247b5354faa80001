// How many rows came since the list was read: nothing moves until they are asked for.
import { Button } from '@mantine/core'
import classes from './newer-pill.module.css'

interface NewerPillProps {
  readonly count: number
  readonly onShow: () => Promise<void>
}

export const NewerPill = ({ count, onShow }: NewerPillProps) => (
  <div className={classes['place']} aria-live="polite">
    {count > 0 && (
      <Button size="compact-sm" radius="xl" onClick={() => void onShow()}>
        {count} new
      </Button>
    )}
  </div>
)
