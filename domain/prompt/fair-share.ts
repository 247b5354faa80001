// Texts that must share a place in a prompt: the longest give way first, the short ones stay whole.

/** What each may keep at most, so that all of them together have no more than `limit` characters. */
export const fairShare = (lengths: readonly number[], limit: number): number => {
  let left = limit
  for (const [index, length] of [...lengths].sort((a, b) => a - b).entries()) {
    const share = Math.floor(left / (lengths.length - index))
    if (length > share) return share
    left -= length
  }
  return Number.POSITIVE_INFINITY
}

export const cutTo = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text.slice(0, most).toWellFormed()}\n… ${text.length - most} characters are left out here.`
