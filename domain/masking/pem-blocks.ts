// Masks PEM blocks (certificates, keys), whole or cut off, by scanning: their bodies are long and may hold anything.

const begins = '-----BEGIN '
const header = /-----BEGIN [A-Z0-9 ]{1,60}-----/y
const footer = /-----END [A-Z0-9 ]{1,60}-----/y
const gap = /(?:\\+[nrt]|\s)*/y
const bodyLine = /[A-Za-z0-9+/=]{16,}/y

/** A block ends at its footer; one without it ends where lines of base64 do, and never leaves the quotes it stands in. */
export const maskPemBlocks = (text: string, replacement: string): { readonly text: string; readonly count: number } => {
  let count = 0
  let out = ''
  let done = 0
  let at = text.indexOf(begins)
  while (at !== -1) {
    const bodyAt = matchAt(header, text, at)
    if (bodyAt === undefined) {
      at = text.indexOf(begins, at + begins.length)
      continue
    }
    const end = endOfBlock(text, bodyAt)
    if (end > bodyAt) {
      out += text.slice(done, at) + replacement
      done = end
      count++
    }
    at = text.indexOf(begins, end)
  }
  return { text: out + text.slice(done), count }
}

const endOfBlock = (text: string, bodyAt: number): number => {
  const nextRule = text.indexOf('-----', bodyAt)
  if (nextRule !== -1 && !/["'`]/.test(text.slice(bodyAt, nextRule))) {
    const end = matchAt(footer, text, nextRule)
    if (end !== undefined) return end
  }
  let end = bodyAt
  for (;;) {
    const line = matchAt(bodyLine, text, matchAt(gap, text, end) ?? end)
    if (line === undefined) return end
    end = line
  }
}

const matchAt = (sticky: RegExp, text: string, at: number): number | undefined => {
  sticky.lastIndex = at
  return sticky.test(text) ? sticky.lastIndex : undefined
}
