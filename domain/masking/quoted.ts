// Where a quoted text ends, also when it stands inside another quoted text and its quotes are escaped.

export interface Opening {
  readonly quote: string
  /** Backslashes before the quote: 0 outside, 1 in a JSON text inside JSON, then 3, 7. */
  readonly level: number
  /** Where the content begins. */
  readonly start: number
}

export interface Closing {
  /** Where the content ends. */
  readonly end: number
  readonly closed: boolean
}

const opening = /(\\*)(["'`])/y

export const openingAt = (text: string, at: number): Opening | undefined => {
  opening.lastIndex = at
  const found = opening.exec(text)
  if (found === null) return undefined
  return { quote: found[2] ?? '"', level: (found[1] ?? '').length, start: opening.lastIndex }
}

/** Looks no further than `limit`; unclosed content ends there. */
export const closingOf = (text: string, { quote, level, start }: Opening, limit: number): Closing => {
  const span = 2 * (level + 1)
  let at = text.indexOf(quote, start)
  while (at !== -1 && at < limit) {
    let run = 0
    while (at - run > start && text[at - run - 1] === '\\') run++
    const depth = run % span
    if (quote === "'" && level === 0) {
      if (text[at + 1] === "'") {
        at = text.indexOf(quote, at + 2)
        continue
      }
      if (run % 2 === 0 || /^(?:[\s,;)\]}]|$)/.test(text.slice(at + 1, at + 2))) return { end: at, closed: true }
    } else if (depth === level) return { end: at - level, closed: true }
    // The text around ends first.
    else if (depth < level) return { end: at - run, closed: false }
    at = text.indexOf(quote, at + 1)
  }
  return { end: limit, closed: false }
}
