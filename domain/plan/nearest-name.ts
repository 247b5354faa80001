// The name somebody probably meant: what a refusal suggests.

/** @returns the closest of `names` when a few typing errors apart, else null. */
const nearestName = (written: string, names: Iterable<string>): string | null => {
  const wanted = written.toLowerCase()
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  let best: { readonly name: string; readonly distance: number } | null = null
  for (const name of names) {
    const distance = editDistance(wanted, name.toLowerCase())
    if (distance <= limit && (best === null || distance < best.distance)) best = { name, distance }
  }
  return best?.name ?? null
}

export const didYouMean = (written: string, names: Iterable<string>): string => {
  const near = nearestName(written, names)
  return near === null ? '' : `; did you mean "${near}"?`
}

/** Insertions, deletions, replacements and swaps of neighbours, each counted as one. */
const editDistance = (a: string, b: string): number => {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        replaced,
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : replaced,
      )
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
