// The oldest alert that nobody has decided yet: the first thing to look at when nothing seems to happen.
import { Link } from '@tanstack/react-router'
import { durationText } from './duration.ts'
import { Figure } from './figure.tsx'

interface OldestProps {
  readonly intake: { readonly waiting: number; readonly oldestAt: string | null } | undefined
}

/** Longer than this in the queue is not on its way any more. */
const lateMs = 30_000

export const Oldest = ({ intake }: OldestProps) => {
  const age = intake?.oldestAt == null ? null : Math.max(0, Date.now() - Date.parse(intake.oldestAt))
  return (
    <Figure
      label="Oldest unprocessed alert"
      value={age === null ? 'none' : durationText(age)}
      note={`${intake?.waiting ?? 0} in the queue`}
      alarming={age !== null && age > lateMs}
    >
      <Link to={age === null ? '/alerts' : '/operations'} />
    </Figure>
  )
}
