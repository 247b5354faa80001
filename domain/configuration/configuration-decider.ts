// The configuration aggregate: one version after another, each with what it changed.
import type { ConfigurationCommand } from '../../schemas/commands.ts'
import type { ConfigurationChange } from '../../schemas/configuration-events.ts'
import type { ConfigurationEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decider, type Decision } from '../decider.ts'

export interface ConfigurationState {
  /** Of the version in force; empty before the first. */
  readonly hash: string
  readonly loadedAt: string | null
  readonly entries: Readonly<Record<string, string>>
}

const decide = ({ data }: ConfigurationCommand, state: ConfigurationState): Decision<ConfigurationEvent> =>
  data.hash === state.hash
    ? alreadySo
    : accept({ type: 'configuration.loaded', data: { ...data, changes: [...changesOf(state.entries, data.entries)] } })

const changesOf = (
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly ConfigurationChange[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((entry): ConfigurationChange[] => {
    if (before[entry] === after[entry]) return []
    return [{ entry, what: after[entry] === undefined ? 'removed' : before[entry] === undefined ? 'added' : 'changed' }]
  })

const evolve = (state: ConfigurationState, event: ConfigurationEvent): ConfigurationState => {
  switch (event.type) {
    case 'configuration.loaded': {
      const { hash, loadedAt, entries } = event.data
      return { hash, loadedAt, entries }
    }
    default:
      return state
  }
}

export const configurationDecider: Decider<ConfigurationState, ConfigurationCommand, ConfigurationEvent> = {
  initial: { hash: '', loadedAt: null, entries: {} },
  decide,
  evolve,
}
