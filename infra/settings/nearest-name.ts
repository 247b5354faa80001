// The valid name a person most likely meant.

/** @returns null when nothing is close. */
export const nearestName = (wrong: string, valid: readonly string[]): string | null => {
  const ranked = valid
    .map((name) => ({ name, distance: editDistance(wrong.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best !== undefined && best.distance <= Math.max(1, Math.floor(wrong.length / 3)) ? best.name : null
}

/** " Did you mean x?" or nothing. */
export const didYouMean = (wrong: string, valid: readonly string[]): string => {
  const name = nearestName(wrong, valid)
  return name === null ? '' : ` Did you mean "${name}"?`
}

const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution))
    }
    row = next
  }
  return row[b.length] ?? 0
}
