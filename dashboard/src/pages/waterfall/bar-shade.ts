// How strongly a bar is coloured: by how it went, or by what it used beside others of its kind.
import type { WaterfallBar } from '../../../../projections/waterfall-view.ts'
import { tokensOf } from './bar-words.ts'

export type ColourBy = 'status' | 'cost' | 'tokens'

export const amountOf = (bar: WaterfallBar, by: ColourBy): number => (by === 'cost' ? bar.costMicros : tokensOf(bar))

/** The most any bar of a kind used. */
export const mostOf = (bars: readonly WaterfallBar[], by: ColourBy): ReadonlyMap<WaterfallBar['kind'], number> => {
  const most = new Map<WaterfallBar['kind'], number>()
  if (by === 'status') return most
  for (const bar of bars) most.set(bar.kind, Math.max(most.get(bar.kind) ?? 0, amountOf(bar, by)))
  return most
}

/** 0 for nothing, else 1 to 5 on a logarithmic scale: a few expensive calls would make all others one colour. */
export const shadeOf = (amount: number, most: number): number =>
  amount <= 0 || most <= 0 ? 0 : Math.max(1, Math.min(5, 5 - Math.floor(Math.log2(most / amount) / 1.5)))

const good = ['completed', 'succeeded']
const bad = ['failed', 'tool_error', 'outcome_unknown']

export const toneOf = ({ status }: WaterfallBar): 'good' | 'bad' | 'open' | 'off' => {
  if (good.includes(status)) return 'good'
  if (bad.includes(status)) return 'bad'
  return status === 'running' || status === 'queued' || status === 'waiting' ? 'open' : 'off'
}
