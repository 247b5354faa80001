// Which commits are booked: exact for a whole day, and cheap to add to however many there are.
const chunk = 1024

export interface BookedCommits {
  readonly full: readonly ReadonlySet<number>[]
  readonly latest: readonly number[]
}

export const nothingBooked: BookedCommits = { full: [], latest: [] }

export const isBooked = ({ full, latest }: BookedCommits, commit: number): boolean =>
  latest.includes(commit) || full.some((each) => each.has(commit))

/** A fold that copied all of them for each one more would take minutes for a busy day. */
export const withBooked = ({ full, latest }: BookedCommits, commits: readonly number[]): BookedCommits => {
  const all = [...latest, ...commits]
  return all.length < chunk ? { full, latest: all } : { full: [...full, new Set(all)], latest: [] }
}
