// Figures with their spread: medians over rounds, percentiles over samples, and a table people can read.

export interface Figure {
  readonly what: string
  readonly value: string
  readonly beside?: string | undefined
  readonly ratio?: string | undefined
  readonly goal?: string | undefined
  readonly spread?: string | undefined
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)

export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** `±12 %`: half the distance between the lowest and the highest round, of the median; of ten and more, without the two outermost. */
export const spreadOf = (values: readonly number[]): string => {
  const sorted = [...values].sort((a, b) => a - b)
  const kept = values.length < 10 ? sorted : sorted.slice(1, -1)
  const half = ((kept.at(-1) ?? 0) - (kept[0] ?? 0)) / 2
  return `±${Math.round((half / median(values)) * 100)} %`
}

/** Of each round on its own: both sides of a round met the same machine. */
export const ratioOf = (values: readonly number[], beside: readonly number[]): string =>
  median(values.map((value, round) => value / (beside[round] ?? Number.NaN))).toFixed(2)

export const rate = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`
export const ms = (value: number): string => `${value.toFixed(2)} ms`

/** Keeps `width` pieces of work under way until `count` are done. @returns seconds. */
export const inFlight = async (
  count: number,
  width: number,
  work: (index: number) => Promise<unknown>,
): Promise<number> => {
  const started = performance.now()
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: width }, worker))
  return (performance.now() - started) / 1000
}

export const printTable = (title: string, figures: readonly Figure[]): void => {
  const rows = [
    ['', 'casebook', 'beside', 'ratio', 'goal', 'spread'],
    ...figures.map((each) => [
      each.what,
      each.value,
      each.beside ?? '',
      each.ratio ?? '',
      each.goal ?? '',
      each.spread ?? '',
    ]),
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  console.log(`\n${title}`)
  for (const row of rows)
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
}
