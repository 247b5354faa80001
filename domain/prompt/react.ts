// Tools by text alone (ReAct), for models that cannot call them natively: told in words, asked for in words, read from words.
import type { OfferedTool } from '../../schemas/tool.ts'

export const reactInstructions = (tools: readonly OfferedTool[]): string =>
  tools.length === 0
    ? ''
    : [
        '## Tools',
        ...tools.map(
          ({ name, description, inputSchema }) =>
            `- ${name}: ${description}\n  Arguments: ${JSON.stringify(inputSchema)}`,
        ),
        '',
        'Answer in one of these two forms, and with nothing behind it. To use a tool:',
        'Thought: what you know and what you need to know',
        'Action: the name of one tool',
        'Action Input: its arguments as one JSON object',
        '',
        'To conclude:',
        'Thought: why this is enough',
        'Final Answer: your conclusion',
      ].join('\n')

export interface ReactReply {
  /** What the agent thought aloud, or its conclusion. */
  readonly text: string
  readonly thinking?: string
  readonly calls: readonly { readonly name: string; readonly arguments: string }[]
}

/**
 * Whatever comes first counts: a model that goes on to invent observations has not made them.
 * Words in neither form are a conclusion, as models that are done often forget the form.
 */
export const parseReact = (reply: string): ReactReply => {
  const [before = ''] = reply.split(/^[ \t*]*Observation[ \t*]*:/im)
  const action = /^[ \t*]*Action[ \t*]*:[ \t*`]*([^\s`*]+)/im.exec(before)
  const final = /^[ \t*]*Final Answer[ \t*]*:[ \t*]*/im.exec(before)
  if (final !== null && (action === null || final.index < action.index)) {
    return {
      text: before.slice(final.index + final[0].length).trim(),
      ...thought(before.slice(0, final.index)),
      calls: [],
    }
  }
  if (action === null) return { text: reply.trim(), calls: [] }
  const rest = before.slice(action.index + action[0].length)
  const input = /^[ \t*]*Action Input[ \t*]*:/im.exec(rest)
  const written = input === null ? '' : firstObject(rest.slice(input.index + input[0].length))
  return {
    text: before.slice(0, action.index).trim(),
    calls: [{ name: action[1] ?? '', arguments: written === '' ? '{}' : written }],
  }
}

const thought = (text: string): { readonly thinking?: string } => {
  const said = text.replace(/^[ \t*]*Thought[ \t*]*:/im, '').trim()
  return said === '' ? {} : { thinking: said }
}

/** From the first brace to the one that closes it; what has no end is given on as it is, to be refused with its fault. */
const firstObject = (text: string): string => {
  const start = text.indexOf('{')
  if (start < 0)
    return text
      .trim()
      .replace(/^`+(?:json)?|`+$/g, '')
      .trim()
  let depth = 0
  let quoted = false
  for (let at = start; at < text.length; at++) {
    const char = text[at]
    if (quoted && char === '\\') at++
    else if (char === '"') quoted = !quoted
    else if (!quoted && char === '{') depth++
    else if (!quoted && char === '}' && --depth === 0) return text.slice(start, at + 1)
  }
  return text.slice(start).trim()
}

/** The agent's own words, as it wrote them. */
export const reactWords = (
  text: string,
  calls: readonly { readonly name: string; readonly arguments: string }[],
): string =>
  [text, ...calls.map(({ name, arguments: written }) => `Action: ${name}\nAction Input: ${written}`)]
    .filter((part) => part !== '')
    .join('\n')
