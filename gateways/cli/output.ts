// What commands write to: a function, so that tests can read it, and tables with their columns lined up.

export type Write = (text: string) => void

export const writeTable = (write: Write, head: readonly string[], rows: readonly (readonly string[])[]): void => {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  for (const row of all) {
    write(`${row.map((cell, column) => (column === head.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ')}\n`)
  }
}

export const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`

/** `a=b` pairs, as `--label` takes them. */
export const pairOf = (text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => {
  const at = text.indexOf('=')
  if (at < 1) throw new Error(`"${text}" is not name=value.`)
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}
