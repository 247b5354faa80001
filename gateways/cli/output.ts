// What commands write with: text that cannot drive a terminal, tables with their columns lined up, JSON.

export type Write = (text: string) => void

/** Model text, tool output and alerts come from outside: what is no printable text could move the cursor or rename the window. */
export const plain = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD')

export const oneLine = (text: string): string => plain(text).replace(/\s+/g, ' ').trim()

export const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`

export const writeTable = (write: Write, head: readonly string[], rows: readonly (readonly string[])[]): void => {
  const all = [head, ...rows].map((row) => row.map(cell))
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  for (const row of all) {
    write(
      `${row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ')}\n`,
    )
  }
}

/** A cell may be indented. */
const cell = (text: string): string => `${/^ */.exec(text)?.[0] ?? ''}${oneLine(text)}`

export const writeJson = (write: Write, value: unknown): void => write(`${JSON.stringify(value, null, 2)}\n`)
