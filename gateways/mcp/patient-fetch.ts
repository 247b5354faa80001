// fetch without limits of its own: a stream may be silent for as long as a person thinks about what its server asks.
import type { FetchLike } from '@modelcontextprotocol/client'
import { Agent, fetch } from 'undici'

/** The built-in one cuts a body after five minutes of silence. Here the clocks of each call say when it is over. */
const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 })

/** @throws TypeError for a body that is neither text nor a form: the protocol has no other. */
export const patientFetch: FetchLike = async (input, { body, headers, ...init } = {}) => {
  if (body != null && typeof body !== 'string' && !(body instanceof URLSearchParams)) {
    throw new TypeError('Only text and forms are sent.')
  }
  return fetch(input, { ...init, body: body ?? null, headers: [...new Headers(headers)], dispatcher })
}
