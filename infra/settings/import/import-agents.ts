// `agents` of a tarsy.yaml.
import { agentDefinition } from '../../../schemas/agent-definition.ts'
import { type ImportNotes, noNotes } from './import-notes.ts'
import { type Fields, type Importing, membersOf, renamed, sameFields, taken, takenSettings } from './importing.ts'
import type { Path } from './source-file.ts'
import { builtInAgents, counterparts } from './tarsy-built-ins.ts'

/** The controller of each type there. */
const controllers: Readonly<Record<string, string>> = {
  '': 'native_tools',
  synthesis: 'single_shot',
  exec_summary: 'single_shot',
  scoring: 'single_shot',
  action: 'native_tools',
}

export const importAgents = (content: Fields, notes: ImportNotes, importing: Importing): Fields => {
  const agents: Record<string, Fields> = {}
  for (const [written, source] of membersOf(content['agents'])) {
    const path: Path = ['agents', written]
    const name = importing.agents.of(written)
    renamed(written, name, path, notes)
    agents[name] = importAgent(source, path, notes, importing)
  }
  return agents
}

/** Agents that are referred to and built in there: the counterpart here, or one written out. */
export const agentName = (written: string, defined: (written: string) => boolean, importing: Importing): string =>
  (defined(written) ? undefined : counterparts[written]) ?? importing.agents.refer(written)

export const knownAgents = (importing: Importing, defined: Fields): Fields =>
  Object.fromEntries(
    importing.agents.referred().flatMap((written) => {
      const name = importing.agents.of(written)
      const known = builtInAgents[written]
      return known === undefined || Object.hasOwn(defined, name)
        ? []
        : [[name, importAgent(known, [], noNotes, importing)]]
    }),
  )

const importAgent = (source: Fields, path: Path, notes: ImportNotes, importing: Importing): Fields => {
  const type = String(source['type'] ?? '')
  const controller = controllers[type]
  if (controller === undefined) notes.lost([...path, 'type'], `there is no agent of type "${type}"`)
  else if (type === 'action') {
    notes.changed([...path, 'type'], 'becomes an agent like any other: what it may do is decided call by call')
  } else notes.carried([...path, 'type'])
  return {
    controller: controller ?? 'native_tools',
    ...sameFields(source, path, notes, agentDefinition, ['mcp_servers']),
    ...taken(source, path, notes, { custom_instructions: 'instructions' }),
    ...takenSettings(source, path, notes, importing),
  }
}
