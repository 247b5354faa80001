// The HTTP client of each provider, with its key: cached, and never with a key or header of another provider.
import OpenAI from 'openai'
import { ModelFailed } from '../../handlers/ports/language-model.ts'
import type { ProviderDefinition } from '../../schemas/agent-definition.ts'

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
    { base_url: baseURL, api_key_env: variable, api_key_optional: optional }: ProviderDefinition,
    where: string,
  ): ProviderClient => {
    const key = variable === undefined ? undefined : secret(variable)?.trim() || undefined
    if (variable !== undefined && key === undefined && !optional) {
      throw new ModelFailed('auth', `${where}: there is no API key; set ${variable}`)
    }
    if (key !== undefined && !headerSafe.test(key)) {
      throw new ModelFailed('auth', `${where}: ${variable} holds spaces or characters no API key has; set it again`)
    }
    const known = clients.get(`${baseURL}\n${key ?? ''}`)
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
        ...(key === undefined && { defaultHeaders: { Authorization: null } }),
      })
    clients.set(`${baseURL}\n${key ?? ''}`, client)
    return { client, key }
  }
}
