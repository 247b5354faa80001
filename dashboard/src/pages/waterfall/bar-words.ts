// Bars in words: for labels, the table and whoever listens.
import type { WaterfallBar } from '../../../../projections/waterfall-view.ts'
import type { ShownBar } from './inherited-bars.ts'
import { lengthsOf } from './spans.ts'

export const kindWords: Readonly<Record<WaterfallBar['kind'], string>> = {
  session: 'Session',
  stage: 'Stage',
  agent: 'Agent',
  helper: 'Helper',
  model: 'Model call',
  tool: 'Tool call',
  child: 'Child session',
}

/** `850 ms`, `12.4 s`, `3 min 20 s`, `2 h 5 min`. */
export const duration = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min ${Math.round((ms % 60_000) / 1_000)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export const dollars = (micros: number): string => `$${(micros / 1e6).toFixed(micros < 10_000 ? 4 : 2)}`

export const tokensOf = ({ usage }: WaterfallBar): number => usage.inputTokens + usage.outputTokens

export const statusWord = ({ status, inherited }: ShownBar): string =>
  `${status.replaceAll('_', ' ')}${inherited?.open === true ? ' when it was forked' : ''}`

export const barInWords = (bar: ShownBar, origin: number, now: number): string => {
  const { queued, running, waiting } = lengthsOf(bar, now)
  return [
    `${kindWords[bar.kind]} ${bar.name}`,
    statusWord(bar),
    `after ${duration(Date.parse(bar.askedAt) - origin)}`,
    ...(queued > 0 ? [`queued ${duration(queued)}`] : []),
    ...(waiting > 0 ? [`waited for a person ${duration(waiting)}`] : []),
    `ran ${duration(running)}`,
    ...(tokensOf(bar) > 0 ? [`${tokensOf(bar)} tokens`] : []),
    ...(bar.costMicros > 0 ? [dollars(bar.costMicros)] : []),
    ...(bar.inherited === undefined ? [] : ['inherited']),
  ].join(', ')
}
