// The lines of a cost table, and what is drawn of them.
import type { components } from '../../api/schema.d.ts'

export type CostLine = components['schemas']['Costs']['items'][number]
type Figures = Pick<CostLine, 'priced' | 'unpriced'>

export const tokensOf = ({ priced, unpriced }: Figures): number =>
  priced.inputTokens + priced.outputTokens + unpriced.inputTokens + unpriced.outputTokens

export interface Bar {
  readonly key: string
  readonly total: number
  /** From the bottom up; the same part has the same place in every bar. */
  readonly parts: readonly { readonly name: string; readonly value: number; readonly color: number }[]
}

export const barsOf = (lines: readonly CostLine[], measure: (line: CostLine) => number): readonly Bar[] => {
  const names = [...new Set(lines.map(({ split = '' }) => split))]
  return [...Map.groupBy(lines, ({ key }) => key)].map(([key, of]) => ({
    key,
    total: of.reduce((sum, line) => sum + measure(line), 0),
    parts: of
      .map((line) => ({ name: line.split ?? '', value: measure(line), color: names.indexOf(line.split ?? '') }))
      .sort((a, b) => a.color - b.color),
  }))
}
