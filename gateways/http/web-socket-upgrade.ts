// What a request for a WebSocket carries, and which requests may become one.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** Chosen when offered: a browser that offers subprotocols gives up unless one of them is chosen, and a token must not be echoed. */
export const subprotocol = 'casebook.v1'
const bearer = 'casebook.bearer.'

export const asksForWebSocket = ({ upgrade }: IncomingHttpHeaders): boolean => upgrade?.toLowerCase() === 'websocket'

/** The token a page offers as a subprotocol, since a browser lets it set no header; undefined when there is none. */
export const tokenOffered = (headers: IncomingHttpHeaders): string | undefined =>
  asksForWebSocket(headers)
    ? (headers['sec-websocket-protocol'] ?? '')
        .split(',')
        .map((each) => each.trim())
        .find((each) => each.startsWith(bearer))
        ?.slice(bearer.length)
    : undefined

const streams = /^\/v1\/(?:sessions\/[^/]+\/)?stream$/

/** Every other request stays what it is, as `Upgrade: h2c` on a POST, which some clients send by habit. */
export const mayUpgrade = ({ method, url = '', headers }: IncomingMessage): boolean =>
  method === 'GET' && asksForWebSocket(headers) && streams.test(url.split('?', 1)[0] ?? '')
