// Notices a model that says the same over and over inside one reply: it would go on until its tokens or its time are used up.

/** Rulers, tables and zeros repeat for a while in good faith. */
const leastCharacters = 2_000
const leastTimes = 5
/** Shorter units are found as several of them. */
const shortestUnit = 30
const longestUnit = 1_000

export interface RepeatedTail {
  readonly unit: string
  readonly times: number
}

/** What the end of the text repeats; undefined when it says something new. Takes time by its last 5,000 characters alone. */
export const repeatedTail = (text: string): RepeatedTail | undefined => {
  if (text.length < leastCharacters) return undefined
  const tail = text.slice(-longestUnit * leastTimes)
  const same = matchesFromEnd(tail)
  for (let length = shortestUnit; length <= longestUnit; length++) {
    const covered = (same[length] ?? 0) + length
    const times = Math.floor(covered / length)
    if (times >= leastTimes && covered >= leastCharacters) return { unit: tail.slice(-length), times }
  }
  return undefined
}

/** At `n`: how many of the last characters are the same as those `n` before them (the Z function of the reversed text). */
const matchesFromEnd = (text: string): readonly number[] => {
  const at = (index: number): string | undefined => text[text.length - 1 - index]
  const same: number[] = [text.length]
  let left = 0
  let right = 0
  for (let index = 1; index < text.length; index++) {
    let length = index < right ? Math.min(right - index, same[index - left] ?? 0) : 0
    while (index + length < text.length && at(length) === at(index + length)) length++
    same.push(length)
    if (index + length > right) [left, right] = [index, index + length]
  }
  return same
}
