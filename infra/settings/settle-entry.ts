// What an agent file asks for only if it is there: told, and left out, when it is not.
import type { Entry } from './configuration-entry.ts'
import type { ConfigurationIssue } from './settings-errors.ts'
import { isRecord } from './yaml-document.ts'

export interface SettledEntry {
  readonly entry: Entry
  readonly warnings: readonly ConfigurationIssue[]
}

/** `all` are the entries of every file: what is there. */
export const settleEntry = (all: readonly Entry[]): ((entry: Entry) => SettledEntry) => {
  const servers = new Set(all.flatMap(({ section, name }) => (section === 'mcp_servers' ? [name] : [])))
  const aliasEntry = all.findLast(({ section, name }) => section === 'defaults' && name === 'model_aliases')
  const aliases = isRecord(aliasEntry?.value) ? Object.keys(aliasEntry.value) : []

  return (entry) => {
    const { lenient, value } = entry
    if (lenient === undefined || !isRecord(value)) return { entry, warnings: [] }
    const warnings: ConfigurationIssue[] = []
    let settled = value
    const missing = lenient.servers.filter((server) => !servers.has(server))
    if (missing.length > 0) {
      warnings.push(
        ...missing.map((server) =>
          entry.issue(['tools'], `there is no MCP server "${server}"; its tools are left out until there is`),
        ),
      )
      settled = { ...settled, mcp_servers: lenient.servers.filter((server) => servers.has(server)) }
    }
    const word = lenient.modelWord
    if (word !== undefined && !aliases.includes(word)) {
      const { model: _, ...rest } = settled
      settled = rest
      warnings.push(
        entry.issue(
          ['model'],
          `"${word}" names no model here; the default is used. Set defaults.model_aliases.${word}`,
        ),
      )
    }
    return { entry: { ...entry, value: settled }, warnings }
  }
}
