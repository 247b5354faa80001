// The one word a review ends with: `Verdict: approved`, as the last line that says so, whatever decorates it.

/** In lower case; empty when there is none. */
export const verdictIn = (text: string): string => {
  const lines = text.slice(-8_000).split('\n')
  for (const line of lines.reverse()) {
    const found = /^[^A-Za-z]{0,10}verdict[^A-Za-z]{1,10}([A-Za-z][A-Za-z_-]{0,40})/i.exec(line)
    if (found?.[1] !== undefined) return found[1].toLowerCase()
  }
  return ''
}
