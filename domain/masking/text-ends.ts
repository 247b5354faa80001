// Where a line and an unquoted word end. Each stretch is read once, however many keys stand in it: texts from outside are hostile.

export interface TextEnds {
  readonly text: string
  endOfLine(at: number): number
  endOfPlain(at: number): number
}

/** Positions must be asked for from left to right; others are read anew. */
export const textEnds = (text: string): TextEnds => {
  let line = { from: 0, to: -1 }
  let word = { from: 0, to: -1 }
  return {
    text,
    endOfLine: (at) => {
      if (at < line.from || at > line.to) {
        const end = text.indexOf('\n', at)
        line = { from: at, to: end === -1 ? text.length : end }
      }
      return line.to
    },
    endOfPlain: (at) => {
      // What did not end the word for an earlier key does not end it for a later one in the same word.
      if (at < word.from || at >= word.to - 1) word = { from: at, to: stopOfPlain(text, at) }
      return trimmed(text, at, word.to)
    },
  }
}

/** A word ends at a space, or where punctuation closes what it stands in; punctuation inside belongs to the secret. */
const stopOfPlain = (text: string, at: number): number => {
  const stops = /[\s"'`,;&\\<)\]}]/g
  stops.lastIndex = at
  for (let stop = stops.exec(text); stop !== null; stop = stops.exec(text)) {
    const mark = stop[0]
    const after = text.slice(stop.index + 1, stop.index + 81)
    if (/\s/.test(mark)) return stop.index
    if (/["'`]/.test(mark) && stop.index > at && /^(?:[\s,;:)}\]>]|$)/.test(after)) return stop.index
    if (/[,;&]/.test(mark) && /^\s*(?:$|\\*["']?[\w.%-]{1,64}\\*["']?\s*[:=])|^\s/.test(after)) return stop.index
    if (mark === '\\' && /^(?:[nrt]|\\*["'])/.test(after)) return stop.index
    if (mark === '<' && after.startsWith('/')) return stop.index
    if (/[)\]}]/.test(mark) && /^[)\]}]*(?:[\s,;"'`\\]|$)/.test(after)) return stop.index
    if (mark === '\\') stops.lastIndex = stop.index + 2
  }
  return text.length
}

/** A full stop at the end belongs to the sentence around it. */
const trimmed = (text: string, at: number, end: number): number =>
  end > at && (end === text.length || /\s/.test(text[end] ?? '')) && /[.,;!?]/.test(text[end - 1] ?? '') ? end - 1 : end
