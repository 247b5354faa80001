// The CLI's way to a running Casebook: HTTP, with problems turned into one readable error.
import { z } from 'zod'
import { CasebookError } from '../../schemas/casebook-error.ts'

export interface ApiClient {
  readonly baseUrl: string
  readonly headers: Readonly<Record<string, string>>
  get<T>(path: string, shape: z.ZodType<T>): Promise<T>
  post<T>(path: string, body: unknown, shape: z.ZodType<T>, headers?: Readonly<Record<string, string>>): Promise<T>
}

export class ApiProblem extends CasebookError {
  readonly code = 'api_problem'
  readonly retryable: boolean
  readonly status: number

  constructor(status: number, title: string, detail: string, errors: readonly string[]) {
    super([`${title}: ${detail}`, ...errors.map((each) => `  ${each}`)].join('\n'))
    this.status = status
    this.retryable = status === 503
  }
}

export class ServerUnreachable extends CasebookError {
  readonly code = 'server_unreachable'
  readonly retryable = true

  constructor(url: string, options: { readonly cause: unknown }) {
    super(`No Casebook answers at ${url}. Start one with "npm start", or set CASEBOOK_URL.`, options)
  }
}

const problem = z.looseObject({
  title: z.string().default('Refused'),
  detail: z.string().default(''),
  errors: z.array(z.looseObject({ path: z.string().optional(), message: z.string() })).default([]),
})

export const createApiClient = (baseUrl: string, token: string | undefined): ApiClient => {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const request = async <T>(path: string, init: RequestInit, shape: z.ZodType<T>): Promise<T> => {
    let response: Response
    try {
      response = await fetch(new URL(path, baseUrl), init)
    } catch (cause) {
      throw new ServerUnreachable(baseUrl, { cause })
    }
    const body: unknown = await response.json().catch(() => null)
    if (response.ok) return shape.parse(body)
    const parsed = problem.safeParse(body)
    const { title, detail, errors } = parsed.success ? parsed.data : { title: response.statusText, detail: '', errors: [] }
    const lines = errors.map(({ path: field, message }) => (field === undefined ? message : `${field}: ${message}`))
    throw new ApiProblem(response.status, title, detail, lines)
  }
  return {
    baseUrl,
    headers,
    get: (path, shape) => request(path, { headers }, shape),
    post: (path, body, shape, extra = {}) =>
      request(
        path,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers, ...extra },
          body: JSON.stringify(body ?? {}),
        },
        shape,
      ),
  }
}
