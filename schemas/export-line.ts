// A commit as lines of an export, one whole CloudEvent each, and back, byte for byte. What the headers said stands at the end of each.
import { z } from 'zod'
import { batchContentType, cloudEvent, commitHeaders } from './commit.ts'
import { isBare, sharedAttributes, storedBatch } from './stored-batch.ts'

/** A long text that the events after it name, as a CloudEvent of its own. */
export const blobEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.string().regex(/^[0-9a-f]{64}$/),
  source: z.string(),
  type: z.literal('casebook.blob.v1'),
  datacontenttype: z.string(),
  data_base64: z.string(),
})
export type BlobEvent = Readonly<z.infer<typeof blobEvent>>

interface Stored {
  readonly payload: string
  readonly headers: Readonly<Record<string, string>>
}

export const linesOfCommit = ({ payload, headers }: Stored): readonly string[] => {
  const hash = headers[commitHeaders.hash] ?? ''
  const body = headers[commitHeaders.bodyHash] ?? ''
  const extension = `,"commithash":${JSON.stringify(hash)},"commandhash":${JSON.stringify(body)}}`
  const batch = storedBatch(jsonOf(payload)) ?? []
  return elementsOf(payload).map((text, index) => {
    const whole = isBare(batch[index] ?? {}) ? `${sharedText(batch[0] ?? {}, index)}${text.slice(1)}` : text
    return `${whole.slice(0, -1)}${extension}`
  })
}

/** What a bare event is written after; its own text begins with its brace. */
const sharedText = (first: Readonly<Record<string, unknown>>, index: number): string =>
  `${JSON.stringify(sharedAttributes(first, index)).slice(0, -1)},`

export interface EventLine {
  /** As it was stored, with all of its attributes. */
  readonly text: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly event: z.infer<typeof cloudEvent>
  readonly commandId: string
  /** Position within its commit. */
  readonly index: number
  readonly hash: string
  readonly bodyHash: string
}

const extensions = /,"commithash":"([0-9a-f]{64})","commandhash":"([^"\\]*)"\}$/

/** @returns null when it is no line of an export. */
export const parseEventLine = (line: string): EventLine | null => {
  const found = extensions.exec(line)
  if (found === null) return null
  const text = `${line.slice(0, found.index)}}`
  const json = jsonOf(text)
  const [attributes] = storedBatch([json]) ?? []
  const parsed = cloudEvent.safeParse(json)
  const [, commandId, index] = /^(.+)\.(\d+)$/s.exec(parsed.data?.id ?? '') ?? []
  if (!parsed.success || attributes === undefined || commandId === undefined) return null
  const [, hash = '', bodyHash = ''] = found
  return { text, attributes, event: parsed.data, commandId, index: Number(index), hash, bodyHash }
}

/** @returns null when it is none. */
export const parseBlobLine = (line: string): BlobEvent | null => blobEvent.safeParse(jsonOf(line)).data ?? null

/** The message that was stored; what only told the server what to expect is left out. */
export const commitOfLines = (lines: readonly EventLine[]): Stored => {
  const [first] = lines
  const says = (name: string): boolean => Object.hasOwn(first?.attributes ?? {}, name)
  // Each event was stored whole as long as each said what its data is.
  const whole = says('datacontenttype')
  const stored = ({ text }: EventLine, index: number): string => {
    const shared = sharedText(first?.attributes ?? {}, index)
    return index > 0 && !whole && text.startsWith(shared) ? `{${text.slice(shared.length)}` : text
  }
  const types = lines.map(({ event }) => event.type.replace(/^casebook\.(.+)\.v\d+$/, '$1'))
  return {
    payload: `[${lines.map(stored).join(',')}]`,
    headers: {
      [commitHeaders.commandId]: first?.commandId ?? '',
      [commitHeaders.types]: types.join(','),
      [commitHeaders.hash]: first?.hash ?? '',
      ...(first !== undefined && first.bodyHash !== '' && { [commitHeaders.bodyHash]: first.bodyHash }),
      ...(whole && { [commitHeaders.contentType]: batchContentType }),
      ...(first?.event.traceparent !== undefined && { [commitHeaders.traceparent]: first.event.traceparent }),
    },
  }
}

/** The elements of a JSON array as they are written. */
export const elementsOf = (array: string): readonly string[] => {
  const elements: string[] = []
  let [depth, begun, quoted] = [0, 1, false]
  for (let at = 0; at < array.length; at++) {
    const character = array[at]
    if (quoted) {
      if (character === '\\') at++
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') {
      depth--
      if (depth === 0) elements.push(array.slice(begun, at))
    } else if (character === ',' && depth === 1) {
      elements.push(array.slice(begun, at))
      begun = at + 1
    }
  }
  return elements
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
