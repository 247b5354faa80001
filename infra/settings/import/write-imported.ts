// The imported configuration as files of ours: agents as Markdown, everything else as YAML.
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import { ImportRefused } from '../settings-errors.ts'
import { isRecord } from '../yaml-document.ts'
import type { Fields } from './importing.ts'

export type ImportedSections = Readonly<Record<'defaults' | 'agents' | 'chains' | 'mcp_servers' | 'providers', Fields>>

/** @returns the files written, relative to the folder. @throws ImportRefused when something is in the folder. */
export const writeImported = async (
  folder: string,
  { agents, ...sections }: ImportedSections,
): Promise<readonly string[]> => {
  const there = await readdir(folder).catch(() => [])
  if (there.length > 0) throw new ImportRefused(folder)
  const names = { defaults: 'defaults', chains: 'chains', mcp_servers: 'mcp-servers', providers: 'providers' } as const
  const files = new Map<string, string>()
  for (const section of ['defaults', 'providers', 'mcp_servers', 'chains'] as const) {
    if (Object.keys(sections[section]).length > 0) {
      files.set(`${names[section]}.yaml`, stringify({ [section]: sections[section] }, { lineWidth: 100 }))
    }
  }
  const inYaml: Record<string, unknown> = {}
  for (const [name, agent] of Object.entries(agents)) {
    const text = instructionsOf(agent)
    // The text of an agent file is taken as it is: variables in it are filled in only in YAML.
    if (/\$\{/.test(text)) inYaml[name] = agent
    else files.set(join('agents', `${name}.md`), agentFile(agent, text))
  }
  if (Object.keys(inYaml).length > 0) files.set('agents.yaml', stringify({ agents: inYaml }, { lineWidth: 100 }))
  for (const [name, text] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text, { flag: 'wx' })
  }
  return [...files.keys()]
}

const instructionsOf = (agent: unknown): string => {
  const text = isRecord(agent) ? agent['instructions'] : undefined
  return typeof text === 'string' ? text : ''
}

const agentFile = (agent: unknown, text: string): string => {
  const { instructions: _, ...fields } = isRecord(agent) ? agent : {}
  return `---\n${stringify(fields, { lineWidth: 100 })}---\n\n${text.trim()}\n`
}
