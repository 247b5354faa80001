// The HTTP client of each provider, with its key: cached, and never with a key or header of another provider.
import OpenAI from 'openai'
import { ModelFailed } from '../../handlers/ports/language-model.ts'
import type { ProviderDefinition } from '../../schemas/provider-definition.ts'
import { fetchWithErrors } from './fetch-with-errors.ts'

export interface ProviderClient {
  readonly client: OpenAI
  readonly key: string | undefined
}

/** What may stand in a header; anything else would fail with a message that holds the key. */
const headerSafe = /^[\x21-\x7e]+$/

export const createProviderClients = (secret: (name: string) => string | undefined, timeoutMs: number) => {
  const clients = new Map<string, OpenAI>()

  /** @throws ModelFailed of class `auth` when the provider needs a key and there is none. */
  return (
    {
      base_url: baseURL,
      api_key_env: variable,
      api_key_optional: optional,
      api_key_header: header,
      needs_env: needed = [],
      headers = {},
      query = {},
    }: ProviderDefinition,
    where: string,
  ): ProviderClient => {
    const unset = needed.filter((name) => (secret(name) ?? '') === '')
    if (unset.length > 0)
      throw new ModelFailed('invalid_request', `${where}: its address is not known; set ${unset.join(', ')}`)
    const key = variable === undefined ? undefined : secret(variable)?.trim() || undefined
    if (variable !== undefined && key === undefined && !optional) {
      throw new ModelFailed('auth', `${where}: there is no API key; set ${variable}`)
    }
    if (key !== undefined && !headerSafe.test(key)) {
      throw new ModelFailed('auth', `${where}: ${variable} holds spaces or characters no API key has; set it again`)
    }
    const id = JSON.stringify([baseURL, key, header, headers, query])
    const known = clients.get(id)
    const client =
      known ??
      new OpenAI({
        baseURL,
        // Every field the SDK would otherwise fill from variables meant for OpenAI itself.
        apiKey: key ?? 'none',
        adminAPIKey: null,
        organization: null,
        project: null,
        webhookSecret: null,
        logLevel: 'off',
        maxRetries: 0,
        timeout: timeoutMs,
        fetch: fetchWithErrors,
        defaultQuery: { ...query },
        defaultHeaders: {
          ...headers,
          ...((key === undefined || header !== undefined) && { Authorization: null }),
          ...(key !== undefined && header !== undefined && { [header]: key }),
        },
      })
    clients.set(id, client)
    return { client, key }
  }
}
