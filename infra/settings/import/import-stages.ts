// One stage of a chain of a tarsy.yaml: its agents, replicas, success policy, synthesis and sub-agents.
import { stageDefinition } from '../../../schemas/chain-definition.ts'
import type { ImportNotes } from './import-notes.ts'
import { type Fields, type Importing, listOf, recordOf, renamed, sameFields, takenSettings } from './importing.ts'
import type { Path } from './source-file.ts'

type NameOf = (written: string) => string

export const importStage = (
  source: Fields,
  path: Path,
  notes: ImportNotes,
  importing: Importing,
  nameOf: NameOf,
): Fields => {
  const written = listOf(source['agents']).map(recordOf)
  // With replicas, the first agent alone works there.
  const isReplicated = typeof source['replicas'] === 'number' && source['replicas'] > 1
  const agents = (isReplicated ? written.slice(0, 1) : written).map((agent, index) => {
    const at: Path = [...path, 'agents', index]
    const name = String(agent['name'] ?? '')
    const known = nameOf(name)
    notes.carried([...at, 'name'])
    renamed(name, known, [...at, 'name'], notes)
    return { agent: known, ...takenSettings(agent, at, notes, importing), ...helpersIn(agent, at, notes, nameOf) }
  })
  written.slice(agents.length).forEach((_, index) => {
    notes.lost([...path, 'agents', agents.length + index], 'beside replicas only the first agent works')
  })
  const several = agents.length > 1 || isReplicated
  if (!several && source['synthesis'] !== undefined) {
    notes.lost([...path, 'synthesis'], 'the findings of one agent are weighed by nobody')
  }
  return {
    ...sameFields(source, path, notes, stageDefinition, ['agent', 'agents', 'mcp_servers', 'synthesis', 'policy']),
    ...takenSettings(source, path, notes, importing),
    ...helpersIn(source, path, notes, nameOf),
    ...policyIn(source, path, notes),
    ...(agents.length > 1
      ? { agents: agents.map((each) => (Object.keys(each).length === 1 ? each.agent : each)) }
      : agents[0]),
    ...(several && synthesisIn(source, path, notes, nameOf)),
  }
}

const policyIn = (source: Fields, path: Path, notes: ImportNotes): Fields => {
  const policy = source['success_policy']
  if (policy !== 'any' && policy !== 'all') return {}
  notes.carried([...path, 'success_policy'])
  return { policy }
}

/** The one that is built in there has its counterpart in `defaults.synthesis_agent`. */
const synthesisIn = (source: Fields, path: Path, notes: ImportNotes, nameOf: NameOf): Fields => {
  const agent = recordOf(source['synthesis'])['agent']
  if (typeof agent !== 'string') return {}
  const at: Path = [...path, 'synthesis', 'agent']
  notes.carried(at)
  if (agent === 'SynthesisAgent') return {}
  renamed(agent, nameOf(agent), at, notes)
  return { synthesis: nameOf(agent) }
}

/** `sub_agents`: names, or `{ name, … }`, of which the name is kept. */
export const helpersIn = (source: Fields, path: Path, notes: ImportNotes, nameOf: NameOf): Fields => {
  if (!Array.isArray(source['sub_agents'])) return {}
  const at: Path = [...path, 'sub_agents']
  const listed: readonly unknown[] = source['sub_agents']
  if (listed.every((each) => typeof each === 'string')) notes.carried(at)
  const helpers = listed.flatMap((each, index) => {
    const name = typeof each === 'string' ? each : recordOf(each)['name']
    if (typeof name !== 'string') return []
    notes.carried(typeof each === 'string' ? [...at, index] : [...at, index, 'name'])
    return [nameOf(name)]
  })
  return { helpers }
}
