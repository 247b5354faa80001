// Arguments for a tool call out of the tool's own JSON Schema: required fields only, from enum, default, minimum or the task.
import { z } from 'zod'
import type { WireTool } from './chat-wire.ts'

const property = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  minimum: z.number().optional(),
})
const parameters = z.looseObject({
  properties: z.record(z.string(), property).default({}),
  required: z.array(z.string()).default([]),
})

export const fillArguments = (tool: WireTool, task: string): string => {
  const parsed = parameters.safeParse(tool.parameters)
  if (!parsed.success) return '{}'
  const { properties, required } = parsed.data
  const wanted = Object.entries(properties).filter(([name]) => required.includes(name))
  const memory = /memory|oom/i.test(task) && properties['by'] !== undefined ? { by: 'memory' } : {}
  return JSON.stringify({
    ...Object.fromEntries(wanted.map(([name, schema]) => [name, valueOf(name, schema, task)])),
    ...memory,
  })
}

const valueOf = (name: string, schema: z.infer<typeof property>, task: string): unknown => {
  if (schema.default !== undefined) return schema.default
  if (schema.enum !== undefined && schema.enum.length > 0) return schema.enum[0]
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'number':
    case 'integer':
      return schema.minimum ?? 1
    case 'boolean':
      return false
    case 'array':
      return []
    case 'object':
      return {}
    default:
      return labelOf(name, task) ?? 'default'
  }
}

/** `label namespace: shop` in the task fills a required `namespace`. */
const labelOf = (name: string, task: string): string | undefined =>
  new RegExp(`^label ${name.replace(/[^a-zA-Z0-9_]/g, '.')}: (.{1,200})$`, 'im').exec(task)?.[1]
