// A form of an MCP server on the command line: each field in a line, and what was typed for it as the value it stands for.
import { choicesOf } from '../../domain/session/check-content.ts'
import type { ElicitationField, ElicitationForm, ElicitedContent } from '../../schemas/elicitation.ts'
import { WrongUsage } from './cli-errors.ts'

export const formLines = ({ properties, required = [] }: ElicitationForm): readonly string[] =>
  Object.entries(properties).map(([name, field]) => {
    const { title, description, default: usual } = field
    const words = [title, description].filter((each) => each !== undefined && each !== '').join(': ')
    const usually = usual === undefined ? '' : `, usually ${JSON.stringify(usual)}`
    return `${name} (${kindOf(field)}${required.includes(name) ? '' : ', may be left out'}${usually})${words === '' ? '' : `: ${words}`}`
  })

/** @throws WrongUsage for what is no `name=value`, or no number where one is asked for. */
export const contentOf = ({ properties }: ElicitationForm, typed: readonly string[]): ElicitedContent => {
  const content: Record<string, ElicitedContent[string]> = {}
  for (const each of typed) {
    const at = each.indexOf('=')
    if (at < 1) throw new WrongUsage(`Write --field name=value, not "${each}".`)
    const [name, text] = [each.slice(0, at), each.slice(at + 1)]
    const type = Object.hasOwn(properties, name) ? properties[name]?.type : undefined
    const before = content[name]
    content[name] = type === 'array' ? [...(Array.isArray(before) ? before : []), text] : typedValue(name, type, text)
  }
  return content
}

/** What is not of its type goes as it is: the server of the API says what is wrong with it. */
const typedValue = (
  name: string,
  type: ElicitationField['type'] | undefined,
  text: string,
): string | number | boolean => {
  if (type === 'boolean' && /^(?:true|false)$/.test(text)) return text === 'true'
  if (type !== 'number' && type !== 'integer') return text
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new WrongUsage(`${name} takes a number, not "${text}".`)
  return value
}

const kindOf = (field: ElicitationField): string => {
  const choices = choicesOf(field)
  if (choices !== undefined) return `${field.type === 'array' ? 'some' : 'one'} of ${choices.join(', ')}`
  switch (field.type) {
    case 'string':
      return 'format' in field && field.format !== undefined ? field.format : 'text'
    case 'integer':
      return 'whole number'
    case 'boolean':
      return 'true or false'
    case 'number':
    case 'array':
      return field.type
  }
}
