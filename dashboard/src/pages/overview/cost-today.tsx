// What today costs so far, beside what it may cost.
import { Link } from '@tanstack/react-router'
import { costText } from '../../parts/cost.tsx'
import { Figure } from './figure.tsx'

interface CostTodayProps {
  readonly cost:
    | {
        readonly usdMicros: number
        readonly unpricedReplies: number
        readonly limitUsdMicros: number | null
      }
    | undefined
}

export const CostToday = ({ cost }: CostTodayProps) => {
  const limit = cost?.limitUsdMicros ?? null
  const note =
    limit === null ? 'no budget of the day' : `of ${costText({ usdMicros: limit, unpricedReplies: 0 })} (UTC day)`
  return (
    <Figure
      label="Cost today"
      value={cost === undefined ? undefined : costText(cost)}
      note={note}
      alarming={cost !== undefined && limit !== null && cost.usdMicros >= 0.8 * limit}
    >
      <Link to="/sessions" search={{ from: '24h' }} />
    </Figure>
  )
}
