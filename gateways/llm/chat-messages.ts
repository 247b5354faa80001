// Our messages and tools as the chat completions API takes them.
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions'
import { z } from 'zod'
import type { ModelMessage } from '../../schemas/model.ts'
import type { BodyFields } from '../../schemas/provider-definition.ts'
import type { OfferedTool } from '../../schemas/tool.ts'
import type { ToolAliases } from './tool-aliases.ts'

const jsonObject = z.record(z.string(), z.unknown())

/** `callFields`: what an endpoint wants to see with each call that is sent back. */
export const toChatMessage = (
  message: ModelMessage,
  aliases: ToolAliases,
  callFields: BodyFields = {},
): ChatCompletionMessageParam => {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.text }
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content: message.text }
    case 'assistant':
      return {
        role: 'assistant',
        content: message.text === '' ? null : message.text,
        ...(message.toolCalls.length > 0 && {
          tool_calls: message.toolCalls.map(({ id, name, arguments: written }) => ({
            ...callFields,
            id,
            type: 'function',
            // Providers refuse history whose arguments are no JSON object, though the model itself wrote them.
            function: { name: aliases.aliasOf(name), arguments: isObject(written) ? written : '{}' },
          })),
        }),
      }
  }
}

const isObject = (text: string): boolean => {
  try {
    return jsonObject.safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}

export const toChatTool = (tool: OfferedTool, aliases: ToolAliases): ChatCompletionTool => {
  const parameters = jsonObject.safeParse(tool.inputSchema)
  return {
    type: 'function',
    function: {
      name: aliases.aliasOf(tool.name),
      description: tool.description.slice(0, 1024),
      parameters: parameters.success ? parameters.data : { type: 'object', properties: {} },
    },
  }
}
