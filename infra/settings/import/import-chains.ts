// `agent_chains` of a tarsy.yaml, stage by stage.
import { chainDefinition, stageDefinition } from '../../../schemas/chain-definition.ts'
import { agentName } from './import-agents.ts'
import type { ImportNotes } from './import-notes.ts'
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
  const chains: Record<string, Fields> = {}
  for (const [written, source] of membersOf(content['agent_chains'])) {
    const path: Path = ['agent_chains', written]
    const name = importing.chains.of(written)
    renamed(written, name, path, notes)
    chains[name] = {
      ...sameFields(source, path, notes, chainDefinition, ['stages', 'mcp_servers']),
      ...takenSettings(source, path, notes, importing),
      stages: listOf(source['stages']).flatMap((stage, index) =>
        importStage(recordOf(stage), [...path, 'stages', index], notes, importing, (agent) => ownAgents.has(agent)),
      ),
    }
  }
  return chains
}

/** Agents of one stage worked at the same time there; here each has a stage, one after the other. */
const importStage = (
  source: Fields,
  path: Path,
  notes: ImportNotes,
  importing: Importing,
  isOwn: (agent: string) => boolean,
): readonly Fields[] => {
  const name = String(source['name'] ?? 'stage')
  notes.carried([...path, 'name'])
  const agents = listOf(source['agents']).map(recordOf)
  const ofStage = takenSettings(source, path, notes, importing)
  const stages = agents.map((agent, index) => {
    const at: Path = [...path, 'agents', index]
    const written = String(agent['name'] ?? '')
    const known = agentName(written, isOwn, importing)
    notes.carried([...at, 'name'])
    renamed(written, known, [...at, 'name'], notes)
    return { agent: known, ...ofStage, ...takenSettings(agent, at, notes, importing) }
  })
  if (stages.length > 1) {
    notes.renamed(
      [...path, 'agents'],
      `the ${stages.length} agents work one after the other, each in a stage of its own`,
    )
  }
  const whole = stages.length === 1 ? sameFields(source, path, notes, stageDefinition, ['agents', 'mcp_servers']) : {}
  return stages.map((stage, index) => ({
    ...whole,
    name: stages.length === 1 ? name : `${name} ${index + 1}`.slice(0, stageNameLength),
    ...stage,
  }))
}

const stageNameLength = stageDefinition.shape.name.maxLength ?? 100
