// `agent_chains` of a tarsy.yaml.
import { chainDefinition } from '../../../schemas/chain-definition.ts'
import { agentName } from './import-agents.ts'
import type { ImportNotes } from './import-notes.ts'
import { helpersIn, importStage } from './import-stages.ts'
import {
  type Fields,
  type Importing,
  listOf,
  membersOf,
  recordOf,
  renamed,
  sameFields,
  takenSettings,
} from './importing.ts'
import type { Path } from './source-file.ts'

export const importChains = (content: Fields, notes: ImportNotes, importing: Importing): Fields => {
  const ownAgents = new Set(membersOf(content['agents']).map(([name]) => name))
  const nameOf = (written: string): string => agentName(written, (name) => ownAgents.has(name), importing)
  const policy = policyOfDefaults(content, notes)
  const chains: Record<string, Fields> = {}
  for (const [written, source] of membersOf(content['agent_chains'])) {
    const path: Path = ['agent_chains', written]
    const name = importing.chains.of(written)
    renamed(written, name, path, notes)
    const helpers = helpersIn(source, path, notes, nameOf)
    // A chain has no helpers of its own here.
    if ('helpers' in helpers) notes.renamed([...path, 'sub_agents'], 'is written into every stage, as helpers')
    chains[name] = {
      ...sameFields(source, path, notes, chainDefinition, ['stages', 'mcp_servers']),
      ...takenSettings(source, path, notes, importing),
      ...chatIn(source, path, notes, nameOf),
      stages: listOf(source['stages']).map((stage, index) => ({
        ...policy,
        ...helpers,
        ...importStage(recordOf(stage), [...path, 'stages', index], notes, importing, nameOf),
      })),
    }
  }
  return chains
}

/** The one that is built in there has its counterpart in `defaults.chat_agent`. */
const chatIn = (source: Fields, path: Path, notes: ImportNotes, nameOf: (written: string) => string): Fields => {
  const agent = recordOf(source['chat'])['agent']
  if (typeof agent !== 'string') return {}
  const at: Path = [...path, 'chat', 'agent']
  notes.carried(at)
  if (agent === 'ChatAgent') return {}
  renamed(agent, nameOf(agent), at, notes)
  return { chat_agent: nameOf(agent) }
}

/** `any` is what holds here without a word. */
const policyOfDefaults = (content: Fields, notes: ImportNotes): Fields => {
  const policy = recordOf(content['defaults'])['success_policy']
  const path: Path = ['defaults', 'success_policy']
  if (policy === 'any') notes.carried(path)
  if (policy !== 'all') return {}
  notes.changed(path, 'is written into every stage, as policy')
  return { policy }
}
