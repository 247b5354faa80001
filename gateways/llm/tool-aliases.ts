// Tool names as providers allow them (`^[a-zA-Z0-9_-]{1,64}$`), and the way back.
import type { OfferedTool } from '../../schemas/tool.ts'

export interface ToolAliases {
  aliasOf(name: string): string
  /** A name the model made up comes back as it is. */
  nameOf(alias: string): string
}

const maxLength = 64

export const createToolAliases = (tools: readonly Pick<OfferedTool, 'name'>[]): ToolAliases => {
  const aliases = new Map<string, string>()
  const names = new Map<string, string>()
  for (const { name } of tools) {
    const plain = name.replace(/[^a-zA-Z0-9_-]/g, '_')
    let alias = plain.slice(0, maxLength)
    for (let n = 2; names.has(alias); n++) alias = `${plain.slice(0, maxLength - 4)}_${n}`
    aliases.set(name, alias)
    names.set(alias, name)
  }
  return {
    aliasOf: (name) => aliases.get(name) ?? name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, maxLength),
    nameOf: (alias) => names.get(alias) ?? alias,
  }
}
