// Machine-to-machine OAuth for HTTP servers: a token is fetched when the server asks for one, kept in memory, and renewed once when refused.
import {
  auth,
  extractWWWAuthenticateParams,
  type FetchLike,
  type OAuthClientProvider,
  type StoredOAuthTokens,
} from '@modelcontextprotocol/client'
import type { McpServerDefinition } from '../../schemas/agent-definition.ts'
import { patientFetch } from './patient-fetch.ts'
import { reasonOf } from './reason-of.ts'

export interface Authorization {
  readonly fetch: FetchLike
  /** What must not be repeated: tokens as they are now. */
  readonly secrets: () => readonly string[]
}

export interface Authorizations {
  /** One for all sessions with a server: they share its token. Undefined where none is configured. */
  of(definition: McpServerDefinition): Authorization | undefined
}

/** No token could be had: the request was refused at the server's door, so nothing ran. */
export class NotLetIn extends Error {}

type OAuthSettings = NonNullable<Extract<McpServerDefinition['transport'], { type: 'http' }>['oauth']>

const answerMs = 15_000

export const createAuthorizations = (): Authorizations => {
  const known = new Map<string, Authorization>()
  return {
    of: ({ transport }) => {
      if (transport.type === 'stdio' || transport.oauth === undefined) return undefined
      const key = JSON.stringify(transport)
      const authorization = known.get(key) ?? createAuthorization(transport.url, transport.oauth)
      known.set(key, authorization)
      return authorization
    },
  }
}

const createAuthorization = (serverUrl: string, settings: OAuthSettings): Authorization => {
  const { provider, tokens } = createProvider(settings)
  let renewing: Promise<void> | null = null

  const send: FetchLike = (input, init) => {
    const headers = new Headers(init?.headers)
    const token = tokens()?.access_token
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
    return patientFetch(input, { ...init, headers })
  }

  const renew = async (refused: Response): Promise<void> => {
    const { resourceMetadataUrl, scope: wanted } = extractWWWAuthenticateParams(refused)
    // The operator's word on what is needed comes before the server's.
    const scope = settings.scopes?.join(' ') ?? wanted
    try {
      await auth(provider, {
        serverUrl,
        ...(scope !== undefined && { scope }),
        ...(resourceMetadataUrl !== undefined && { resourceMetadataUrl }),
        fetchFn: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(answerMs) }),
      })
    } catch (error) {
      throw new NotLetIn(`No token from its authorization server: ${error instanceof Error ? reasonOf(error) : error}`)
    }
  }

  return {
    secrets: () => {
      const { access_token: access, refresh_token: refresh } = tokens() ?? {}
      return [access, refresh].filter((each) => each !== undefined)
    },
    fetch: async (input, init) => {
      const used = tokens()?.access_token
      const response = await send(input, init)
      if (response.status !== 401) return response
      await response.body?.cancel()
      // Requests that were refused at the same time wait for one new token; while it is fetched there may be none at all.
      if (renewing !== null || tokens()?.access_token === used) {
        renewing ??= renew(response).finally(() => {
          renewing = null
        })
        await renewing
      }
      return send(input, init)
    },
  }
}

/** Tokens stay in memory: a new process asks for its own. */
const createProvider = (settings: OAuthSettings) => {
  const { client_id, client_secret, issuer, token_endpoint } = settings
  let refreshToken = settings.refresh_token
  let current: StoredOAuthTokens | undefined

  const provider: OAuthClientProvider = {
    // Nobody is there to be sent to a page.
    redirectUrl: undefined,
    clientMetadata: { redirect_uris: [], grant_types: ['client_credentials'], client_name: 'casebook' },
    clientInformation: () => ({
      client_id,
      ...(client_secret !== undefined && { client_secret }),
      // Else the client would be unknown to a server that it is not bound to.
      ...(issuer !== undefined && { issuer }),
    }),
    tokens: () => current,
    saveTokens: (tokens) => {
      current = tokens
      refreshToken = tokens.refresh_token ?? refreshToken
    },
    invalidateCredentials: (what) => {
      if (what === 'tokens' || what === 'all') [current, refreshToken] = [undefined, undefined]
    },
    redirectToAuthorization: () => undefined,
    saveCodeVerifier: () => undefined,
    codeVerifier: () => '',
    prepareTokenRequest: (scope) => {
      const grant: Record<string, string> =
        refreshToken === undefined
          ? { grant_type: 'client_credentials' }
          : { grant_type: 'refresh_token', refresh_token: refreshToken }
      return new URLSearchParams({ ...grant, ...(scope !== undefined && { scope }) })
    },
    // A token endpoint that is given need not be looked for.
    ...(token_endpoint !== undefined && {
      discoveryState: () => {
        const server = issuer ?? new URL(token_endpoint).origin
        return {
          authorizationServerUrl: server,
          authorizationServerMetadata: {
            issuer: server,
            authorization_endpoint: `${server}/authorize`,
            token_endpoint,
            response_types_supported: [],
          },
        }
      },
    }),
  }
  return { provider, tokens: () => current }
}
