// A configuration looked at without running it: what `casebook config` asks for.

import { didYouMean } from '../../domain/plan/nearest-name.ts'
import type { ChainExplanation, ConfigurationCheck } from '../../schemas/configuration-report.ts'
import type { HasPublishedPrice } from './check-prices.ts'
import { explainChain } from './explain-chain.ts'
import type { Variables } from './interpolate.ts'
import { type LoadedConfiguration, loadConfiguration } from './load-configuration.ts'
import { ConfigurationInvalid, type ConfigurationIssue } from './settings-errors.ts'

export interface InspectOptions {
  readonly builtInDir: string
  readonly variables: Variables
  readonly hasPublishedPrice?: HasPublishedPrice | undefined
}

type Read =
  | { readonly kind: 'valid'; readonly loaded: LoadedConfiguration }
  | { readonly kind: 'faulty'; readonly issues: readonly ConfigurationIssue[] }

/** `folder` null means the built-in configuration alone. */
export const createInspection = ({ builtInDir, variables, hasPublishedPrice }: InspectOptions) => {
  const read = async (folder: string | null): Promise<Read> => {
    try {
      const loaded = await loadConfiguration({ builtInDir, userDir: folder ?? undefined, variables, hasPublishedPrice })
      return { kind: 'valid', loaded }
    } catch (error) {
      if (error instanceof ConfigurationInvalid) return { kind: 'faulty', issues: error.issues }
      throw error
    }
  }

  return {
    check: async (folder: string | null): Promise<ConfigurationCheck> => {
      const found = await read(folder)
      if (found.kind === 'faulty') return { kind: 'faulty', folder, issues: found.issues }
      const { configuration, hash, warnings } = found.loaded
      const count = (section: 'agents' | 'chains' | 'mcp_servers' | 'providers'): number =>
        Object.keys(configuration[section]).length
      return {
        kind: 'valid',
        folder,
        hash,
        counts: {
          agents: count('agents'),
          chains: count('chains'),
          mcp_servers: count('mcp_servers'),
          providers: count('providers'),
        },
        warnings,
      }
    },

    explain: async (folder: string | null, chain: string): Promise<ChainExplanation> => {
      const found = await read(folder)
      if (found.kind === 'faulty') return { kind: 'faulty', folder, issues: found.issues }
      const { loaded } = found
      const names = Object.keys(loaded.configuration.chains)
      if (!names.includes(chain)) {
        const near = didYouMean(chain, names) || `; there are ${names.join(', ')}`
        return { kind: 'no_such_chain', chain, message: `There is no chain "${chain}"${near}` }
      }
      return { kind: 'explained', chain, hash: loaded.hash, parts: explainChain(loaded, chain, variables) }
    },
  }
}
