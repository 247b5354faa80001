// Every question the dashboard asks over HTTP, typed by the server's own OpenAPI document.
import createClient, { type Middleware } from 'openapi-fetch'
import { callerHeaders } from './caller-headers.ts'
import { ApiProblem, Unreachable } from './problem.ts'
import type { components, paths } from './schema.d.ts'

const fromCaller: Middleware = {
  onRequest: ({ request }) => {
    for (const [name, value] of Object.entries(callerHeaders())) request.headers.set(name, value)
    return request
  },
  onError: ({ error }) => new Unreachable(error),
}

export const api = createClient<paths>({ baseUrl: window.location.origin })
api.use(fromCaller)

interface Answer<T> {
  readonly data?: T
  readonly error?: unknown
  readonly response: Response
}

/** The answer's data. @throws ApiProblem, Unreachable. */
export const answerOf = async <T>(asked: Promise<Answer<T>>): Promise<T> => {
  const { data, error, response } = await asked
  if (data !== undefined) return data
  throw isProblem(error) ? new ApiProblem(error) : new Unreachable(`${response.status} ${response.statusText}`)
}

const isProblem = (error: unknown): error is components['schemas']['Problem'] =>
  typeof error === 'object' && error !== null && 'code' in error && 'detail' in error
