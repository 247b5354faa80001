// What a tool returned, as text for the model and attachments for people; nothing is dropped.
import { z } from 'zod'
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

/** Whatever came back, the tool has run: what is not as the protocol has it is shown as it came. */
export const toAnswer = (result: unknown): Answered => {
  const parsed = callResult.safeParse(result).data
  if (parsed === undefined) return { kind: 'answered', isError: false, text: JSON.stringify(result), attachments: [] }
  const attachments: Attachment[] = []
  const lines = (parsed.content ?? []).map((raw) => {
    const each = part.safeParse(raw)
    return each.success
      ? render(each.data, attachments)
      : `[content of an unknown kind: ${(JSON.stringify(raw) ?? '').slice(0, 200)}]`
  })
  const hasText = (parsed.content ?? []).some((raw) => {
    const each = part.safeParse(raw).data
    return each?.type === 'text' && each.text.trim() !== ''
  })
  if (!hasText && parsed.structuredContent !== undefined) lines.push(JSON.stringify(parsed.structuredContent, null, 2))
  return {
    kind: 'answered',
    isError: parsed.isError === true,
    text: lines.filter((line) => line !== '').join('\n'),
    attachments,
  }
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
