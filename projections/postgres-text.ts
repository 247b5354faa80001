// Text that Postgres takes: it refuses NUL and halves of surrogate pairs, which tools, models and cut strings do send.

const replacement = '\ufffd'

/** For `text` parameters; a half surrogate already becomes U+FFFD when the driver encodes it. */
export const toText = (text: string): string => text.replaceAll('\u0000', replacement)

/**
 * For `jsonb` parameters. `JSON.stringify` escapes a surrogate only when its other half is missing, so every such
 * escape is one to replace; an escaped backslash is stepped over, since what follows it is no escape.
 */
export const toJsonb = (value: unknown): string =>
  JSON.stringify(value).replace(/\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g, (found) =>
    found === '\\\\' ? found : replacement,
  )

/** A time from outside in whole milliseconds, as cursors carry it; Postgres has no year 0. */
export const toTimestamp = (time: string): string => {
  const known = time.startsWith('0000') ? '0001-01-01T00:00:00.000Z' : time
  return wholeMilliseconds.test(known) ? known : new Date(known).toISOString()
}

const wholeMilliseconds = /T\d\d:\d\d:\d\d\.\d{3}Z$/
