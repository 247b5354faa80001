// Names of tools as agent files write them, as patterns over the names tools have here.

export interface ReadTools {
  /** `<server>__<tool>`, `*` for any characters. */
  readonly patterns: readonly string[]
  /** Servers the patterns name, each once; null when a pattern names every server. */
  readonly servers: readonly string[] | null
  /** Names that are no MCP tools: tools another program has built in. */
  readonly foreign: readonly string[]
}

/** Server names are lower case with dashes here; elsewhere they may be `My_Server`. */
export const serverName = (written: string): string =>
  written
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+/, '')

export const readToolNames = (names: readonly string[]): ReadTools => {
  const patterns: string[] = []
  const servers = new Set<string>()
  const foreign: string[] = []
  for (const name of names.map((each) => each.trim()).filter((each) => each !== '')) {
    const mcp = /^mcp__(.+?)(?:__(.+))?$/.exec(name) ?? /^([A-Za-z0-9][\w-]*?)__(.+)$/.exec(name)
    const [, server = '', tool = '*'] = mcp ?? []
    if (name === '*' || name === 'mcp__*') patterns.push('*')
    else if (mcp === null) foreign.push(name)
    else {
      servers.add(serverName(server))
      patterns.push(`${serverName(server)}__${tool}`)
    }
  }
  return { patterns, servers: patterns.includes('*') ? null : [...servers], foreign }
}

/** A list, or one text with commas; commas in parentheses belong to their name, as in `Bash(git add:*, ls)`. */
export const listOf = (value: unknown): readonly string[] | null => {
  if (typeof value === 'string') {
    return value
      .split(/,(?![^(]*\))/)
      .map((each) => each.trim())
      .filter((each) => each !== '')
  }
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : null
}
