// Thinking that models write into their text, between tags at its beginning: told apart while it streams.

export interface TaggedText {
  readonly kind: 'text' | 'thinking'
  readonly text: string
}

const names = ['think', 'thinking', 'thought', 'reasoning']
const openings = names.map((name) => `<${name}>`)

export const createThinkingTags = () => {
  /** The tag that ends the thinking; null when what comes is text, undefined while that is not known. */
  let closing: string | null | undefined
  let held = ''

  const take = (arrived: string): readonly TaggedText[] => {
    if (closing === null) return [{ kind: 'text', text: arrived }]
    held += arrived
    if (closing === undefined) {
      const begun = held.trimStart()
      const opening = openings.find((tag) => begun.startsWith(tag))
      if (opening === undefined) {
        // It may still become a tag.
        if (openings.some((tag) => tag.startsWith(begun))) return []
        return asText()
      }
      closing = `</${opening.slice(1)}`
      held = begun.slice(opening.length)
    }
    const at = held.indexOf(closing)
    if (at >= 0) {
      const thinking = held.slice(0, at)
      held = held.slice(at + closing.length).trimStart()
      return [{ kind: 'thinking', text: thinking }, ...asText()]
    }
    const safe = held.length - tailOf(held, closing)
    const thinking = held.slice(0, safe)
    held = held.slice(safe)
    return [{ kind: 'thinking', text: thinking }]
  }

  const asText = (): readonly TaggedText[] => {
    const text = held
    held = ''
    closing = null
    return [{ kind: 'text', text }]
  }

  return {
    take: (arrived: string): readonly TaggedText[] => (arrived === '' ? [] : take(arrived)),
    /** What was held back, because it might have become a tag. */
    end: (): readonly TaggedText[] => {
      if (held === '') return []
      const kind = typeof closing === 'string' ? 'thinking' : 'text'
      const text = held
      held = ''
      return [{ kind, text }]
    },
  }
}

/** How much of the end may be the beginning of the tag. */
const tailOf = (text: string, tag: string): number => {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(tag.slice(0, length))) return length
  }
  return 0
}
