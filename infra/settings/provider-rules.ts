// The two things about model providers that the environment decides when the user's configuration does not.
import type { ProviderDefinition } from '../../schemas/agent-definition.ts'
import type { Variables } from './interpolate.ts'

const isSet = (value: string | undefined): boolean => value !== undefined && value !== ''

/** Where `defaults.provider` is not given: `openai` when a key or an endpoint is set, else the offline `simulator`. */
export const defaultProviderOf = (variables: Variables): 'openai' | 'simulator' =>
  isSet(variables['OPENAI_API_KEY']) || isSet(variables['OPENAI_BASE_URL']) ? 'openai' : 'simulator'

/** A local endpoint often has no key: with `OPENAI_BASE_URL` alone, the built-in `openai` does not ask for one. */
export const withoutMissingKey = (provider: ProviderDefinition, variables: Variables): ProviderDefinition => {
  if (isSet(variables['OPENAI_API_KEY']) || !isSet(variables['OPENAI_BASE_URL'])) return provider
  const { api_key_env: _, ...rest } = provider
  return rest
}
