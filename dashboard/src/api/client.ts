// Every question the dashboard asks over HTTP, typed by the server's own OpenAPI document.
import createClient, { type Middleware } from 'openapi-fetch'
import { ApiProblem, Unreachable } from './problem.ts'
import type { components, paths } from './schema.d.ts'
import { authorization } from './token.ts'

const authorized: Middleware = {
  onRequest: ({ request }) => {
    for (const [name, value] of Object.entries(authorization())) request.headers.set(name, value)
    return request
  },
  onError: ({ error }) => new Unreachable(error),
}

export const api = createClient<paths>({ baseUrl: window.location.origin })
api.use(authorized)

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
