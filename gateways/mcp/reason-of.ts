// Why something failed, in words that say it.

/** `fetch failed` says nothing; its cause does. */
export const reasonOf = (error: Error): string => {
  let text = error.message
  let cause = error.cause
  for (let depth = 0; depth < 4 && cause instanceof Error; depth++) {
    // Refused at several addresses of a name: the error as a whole has no words.
    const words =
      cause.message === '' && cause instanceof AggregateError ? String(cause.errors[0]?.message) : cause.message
    if (!text.includes(words)) text = `${text}: ${words}`
    cause = cause.cause
  }
  return text.slice(0, 1_000)
}
