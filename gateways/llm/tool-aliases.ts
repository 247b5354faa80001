// Tool names as providers allow them (`^[a-zA-Z0-9_-]{1,64}$`), and the way back.
import type { OfferedTool } from '../../schemas/tool.ts'

export interface ToolAliases {
  aliasOf(name: string): string
  /** A name the model made up comes back as it is. */
  nameOf(alias: string): string
}

const maxLength = 64

const toAllowed = (name: string): string => name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, maxLength) || '_'

export const createToolAliases = (tools: readonly Pick<OfferedTool, 'name'>[]): ToolAliases => {
  const aliases = new Map<string, string>()
  const names = new Map<string, string>()
  const isAllowed = (name: string): boolean => toAllowed(name) === name
  // Names that need no alias come first, so that no alias ever takes the name of another tool.
  const ordered = [...tools].sort((a, b) => Number(isAllowed(b.name)) - Number(isAllowed(a.name)))
  for (const { name } of ordered) {
    if (aliases.has(name)) continue
    const plain = toAllowed(name)
    let alias = plain
    for (let n = 2; names.has(alias); n++) alias = `${plain.slice(0, maxLength - `_${n}`.length)}_${n}`
    aliases.set(name, alias)
    names.set(alias, name)
  }
  return {
    aliasOf: (name) => aliases.get(name) ?? toAllowed(name),
    nameOf: (alias) => names.get(alias) ?? alias,
  }
}
