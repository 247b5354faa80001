// A report taken apart into its statements: list items, table rows and paragraphs; what it only quotes is none of them.

export interface Statement {
  readonly text: string
  /** An item of the list of findings. */
  readonly listed: boolean
}

/** `Outcome: inconclusive – what is missing`, whatever decorates it. */
export const outcomeLine = /^[^A-Za-z]{0,10}outcome[^A-Za-z]{1,10}(?:in)?conclusive\b/i

/** Text inside fences and block quotes is somebody else's, and left out. */
export const statementsOf = (report: string): readonly Statement[] => {
  const found: Statement[] = []
  let open: { readonly lines: string[]; readonly listed: boolean } | null = null
  let fence = ''
  let amongFindings = false
  const close = (): void => {
    if (open !== null) found.push({ text: open.lines.join(' '), listed: open.listed })
    open = null
  }
  for (const line of report.split(/\r\n?|\n/)) {
    const text = line.trim()
    const mark = /^(?:`{3,}(?=[^`]*$)|~{3,})/.exec(text)?.[0] ?? ''
    if (fence !== '') {
      if (mark.startsWith(fence) && mark === text) fence = ''
      continue
    }
    const outcome = text.startsWith('>') ? false : outcomeLine.test(text)
    const heading = outcome ? undefined : headingOf(text)
    const item = /^(?:[-*+•]|\d{1,3}[.)])\s+(.*)$/.exec(text)?.[1]
    if (mark !== '' || text === '' || text.startsWith('>') || heading !== undefined) {
      close()
      fence = mark
      if (heading !== undefined) amongFindings = /^(?:key )?(?:findings|evidence)$/i.test(heading)
    } else if (text.startsWith('|') && !outcome) {
      close()
      found.push({ text, listed: false })
    } else if (outcome || item !== undefined) {
      close()
      open = { lines: [outcome ? text : (item ?? text)], listed: amongFindings && !outcome && item !== undefined }
    } else if (open === null) open = { lines: [text], listed: false }
    else open.lines.push(text)
  }
  close()
  return found
}

/** `## Findings`, `**Findings**` or `- **Findings:**`, with nothing behind it. */
const headingOf = (line: string): string | undefined =>
  (/^#{1,6}\s(.{1,100})$/.exec(line)?.[1] ?? /^(?:[-*+]\s)?\*\*([^*]{1,100})\*\*\s?:?$/.exec(line)?.[1])
    ?.replace(/[#:*\s]+$/, '')
    .replace(/^[*\s]+/, '')
