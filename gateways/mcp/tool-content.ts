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
  content: z.array(z.unknown()).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional(),
})

type Answered = Extract<ToolCallResult, { kind: 'answered' }>
type Attachment = Answered['attachments'][number]

export const toAnswer = (result: unknown): Answered => {
  const parsed = callResult.parse(result)
  const attachments: Attachment[] = []
  const lines = parsed.content.map((raw) => {
    const each = part.safeParse(raw)
    return each.success
      ? render(each.data, attachments)
      : `[content of an unknown kind: ${JSON.stringify(raw).slice(0, 200)}]`
  })
  const hasText = parsed.content.some((raw) => part.safeParse(raw).data?.type === 'text')
  if (!hasText && parsed.structuredContent !== undefined) lines.push(JSON.stringify(parsed.structuredContent, null, 2))
  return { kind: 'answered', isError: parsed.isError === true, text: lines.join('\n'), attachments }
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
  attachments.push({ type, mediaType, bytes })
  return `[${type} ${mediaType}, ${bytes.byteLength} bytes]`
}
