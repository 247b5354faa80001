// What a tool returned, as text for the model and attachments for people; nothing is dropped.
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { maskText } from '../../domain/masking/mask.ts'
import type { ToolCallResult } from '../../handlers/ports/tool-box.ts'

const part = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({ type: z.literal('image'), data: z.string(), mimeType: z.string() }),
  z.looseObject({ type: z.literal('audio'), data: z.string(), mimeType: z.string() }),
  z.looseObject({ type: z.literal('resource_link'), uri: z.string(), name: z.string().optional() }),
  z.looseObject({
    type: z.literal('resource'),
    resource: z.looseObject({
      uri: z.string(),
      mimeType: z.string().optional(),
      text: z.string().optional(),
      blob: z.string().optional(),
    }),
  }),
])

const callResult = z.looseObject({
  content: z.array(z.unknown()).optional(),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional().catch(undefined),
})

type Answered = Extract<ToolCallResult, { kind: 'answered' }>
type Attachment = Answered['attachments'][number]

/**
 * Whatever came back, the tool has run: what is not as the protocol has it is shown as it came.
 * @param clean takes out of a text what nobody may see.
 */
export const toAnswer = (result: unknown, clean: (text: string) => string = (text) => text): Answered => {
  const asked = inputRequired.safeParse(result).data
  if (asked !== undefined) return { kind: 'answered', isError: true, text: clean(cannotAnswer(asked)), attachments: [] }
  const parsed = callResult.safeParse(result).data
  if (parsed === undefined) {
    return { kind: 'answered', isError: false, text: clean(JSON.stringify(result)), attachments: [] }
  }
  const attachments: Attachment[] = []
  const texts: string[] = []
  const lines = (parsed.content ?? []).map((raw) => {
    const each = part.safeParse(raw)
    if (!each.success) return `[content of an unknown kind: ${(JSON.stringify(raw) ?? '').slice(0, 200)}]`
    if (each.data.type === 'text' && each.data.text.trim() !== '') texts.push(each.data.text)
    return render(each.data, attachments)
  })
  const { structuredContent } = parsed
  if (structuredContent !== undefined) {
    if (texts.length === 0) lines.push(JSON.stringify(structuredContent, null, 2))
    else if (!texts.some((text) => saysTheSame(text, structuredContent))) {
      const json = clean(maskText(JSON.stringify(structuredContent), { groups: ['secrets', 'kubernetes'] }).text)
      attachments.push({ type: 'structured', mediaType: 'application/json', bytes: new TextEncoder().encode(json) })
    }
  }
  return {
    kind: 'answered',
    isError: parsed.isError === true,
    text: clean(lines.filter((line) => line !== '').join('\n')),
    attachments,
  }
}

/** Servers are asked to repeat structured content as text; it is not kept twice. */
const saysTheSame = (text: string, structured: unknown): boolean => {
  try {
    return isDeepStrictEqual(JSON.parse(text), structured)
  } catch {
    return false
  }
}

/** The revision 2026-07-28 asks its questions in place of a result. */
export const inputRequired = z.looseObject({
  resultType: z.literal('input_required'),
  inputRequests: z
    .record(
      z.string(),
      z.looseObject({
        method: z.string().optional(),
        params: z.looseObject({ message: z.string().optional() }).optional(),
      }),
    )
    .optional(),
  requestState: z.string().optional(),
})

const cannotAnswer = ({ inputRequests = {} }: z.infer<typeof inputRequired>): string => {
  const questions = Object.values(inputRequests).flatMap(({ params }) => params?.message ?? [])
  return `The server asks for something that it cannot be given here${questions.length === 0 ? '' : `: ${questions.join('; ')}`}. It did not finish the call.`
}

const render = (content: z.infer<typeof part>, attachments: Attachment[]): string => {
  switch (content.type) {
    case 'text':
      return content.text
    case 'image':
    case 'audio':
      return attach(content.type, content.mimeType, content.data, attachments)
    case 'resource_link':
      return `[${content.name ?? 'resource'}: ${content.uri}]`
    case 'resource': {
      const { text, blob, mimeType, uri } = content.resource
      if (text !== undefined) return text
      return blob === undefined
        ? `[resource ${uri}]`
        : attach('resource', mimeType ?? 'application/octet-stream', blob, attachments)
    }
  }
}

const attach = (type: string, mediaType: string, base64: string, attachments: Attachment[]): string => {
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
  const known = /^[\w.+-]{1,60}\/[\w.+-]{1,100}(?:;[^\r\n]{0,100})?$/.test(mediaType)
    ? mediaType
    : 'application/octet-stream'
  attachments.push({ type, mediaType: known, bytes })
  return `[${type} ${known}, ${bytes.byteLength} bytes]`
}
