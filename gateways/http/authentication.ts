// Who may ask: the holder of the token; or, without one, only programs on this machine, and no web page of another origin.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { CasebookError } from '../../schemas/casebook-error.ts'
import { isDashboardPath } from './dashboard.ts'
import { RequestRefused } from './problem.ts'
import { asksForWebSocket, tokenOffered } from './web-socket-upgrade.ts'

export class UnsafeListen extends CasebookError {
  readonly code = 'unsafe_listen'
  readonly retryable = false

  constructor(host: string) {
    super(`${host} is not loopback. Set CASEBOOK_TOKEN to serve other machines, or CASEBOOK_HOST=127.0.0.1.`)
  }
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)

/** Paths that say nothing worth hiding and are asked by machines without a token. */
const openPaths: ReadonlySet<string> = new Set(['/health', '/ready'])
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

export interface AuthenticatedRequest {
  readonly method: string
  /** Path without the query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

/** @returns whether the caller showed the token. @throws RequestRefused. */
export type Authenticate = (request: AuthenticatedRequest) => { readonly trusted: boolean }

export const createAuthentication = (token: string | undefined): Authenticate => {
  if (token === undefined) {
    return (request) => {
      refuseForeignHost(request.headers)
      refuseForeignOrigin(request)
      return { trusted: false }
    }
  }
  const expected = digest(token)
  return ({ method, path, headers }) => {
    const [, shown] = /^bearer +(\S+)\s*$/i.exec(headers.authorization ?? '') ?? []
    const given = shown ?? tokenOffered(headers)
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return { trusted: true }
    if (openPaths.has(path) || isDashboardPath(path) || method === 'OPTIONS') return { trusted: false }
    throw new RequestRefused(
      'unauthorized',
      given === undefined
        ? 'Send "Authorization: Bearer <CASEBOOK_TOKEN>".'
        : 'The bearer token is not the one expected.',
    )
  }
}

/** A name that an attacker's DNS points at 127.0.0.1 comes with that name as Host: a browser cannot forge it. */
const refuseForeignHost = (headers: IncomingHttpHeaders): void => {
  const host = (headers.host ?? '').replace(/:\d+$/, '')
  if (!isLoopback(host)) {
    throw new RequestRefused(
      'host_forbidden',
      'Without CASEBOOK_TOKEN only loopback names are served, such as 127.0.0.1.',
    )
  }
}

/** Without a token the browser itself would be the credential: another site's page must not act through it. */
const refuseForeignOrigin = ({ method, headers }: AuthenticatedRequest): void => {
  // A WebSocket is a GET whose answer any page may read: no browser keeps it from another origin.
  if (safeMethods.has(method) && !asksForWebSocket(headers)) return
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  const foreign =
    (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none')
  if (foreign)
    throw new RequestRefused('origin_forbidden', 'A page of another origin may not change or follow anything here.')
}

/** Equal length for the comparison, whatever was sent. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
