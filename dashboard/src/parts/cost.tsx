// Money to a tenth of a cent; what has no known price is said to be unpriced, never free.
import { Text } from '@mantine/core'

interface CostProps {
  readonly cost: { readonly usdMicros: number; readonly unpricedReplies: number }
}

export const costText = ({ usdMicros, unpricedReplies }: CostProps['cost']): string => {
  if (usdMicros === 0 && unpricedReplies > 0) return 'unpriced'
  const dollars = `$${(usdMicros / 1e6).toFixed(3)}`
  return unpricedReplies > 0 ? `${dollars} + unpriced` : dollars
}

export const Cost = ({ cost }: CostProps) => (
  <Text span size="sm" title={`$${(cost.usdMicros / 1e6).toFixed(6)}; ${cost.unpricedReplies} replies without a price`}>
    {costText(cost)}
  </Text>
)
