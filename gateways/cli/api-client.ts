// The CLI's way to a running Casebook: HTTP, with problems turned into one readable error.
import { z } from 'zod'
import { ApiProblem, ServerUnreachable, UnexpectedAnswer } from './cli-errors.ts'

export interface ApiClient {
  readonly baseUrl: string
  readonly headers: Readonly<Record<string, string>>
  /** @throws ApiProblem, ServerUnreachable, UnexpectedAnswer; as `post`. */
  get<T>(path: string, shape: z.ZodType<T>): Promise<T>
  post<T>(path: string, body: unknown, shape: z.ZodType<T>, headers?: Readonly<Record<string, string>>): Promise<T>
  delete<T>(path: string, body: unknown, shape: z.ZodType<T>): Promise<T>
}

export const createApiClient = (baseUrl: string, token: string | undefined): ApiClient => {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const request = async <T>(path: string, init: RequestInit, shape: z.ZodType<T>): Promise<T> => {
    let response: Response
    try {
      response = await fetch(new URL(path, baseUrl), init)
    } catch (cause) {
      throw new ServerUnreachable(baseUrl, { cause })
    }
    if (!response.ok) throw await problemOf(response)
    const body: unknown = await response.json().catch(() => null)
    const parsed = shape.safeParse(body)
    if (parsed.success) return parsed.data
    const [first] = parsed.error.issues
    const detail = `${path.split('?', 1)[0]}: ${first?.path.join('.') || 'the body'} is not as expected`
    throw new UnexpectedAnswer(baseUrl, detail, { cause: parsed.error })
  }
  const send = <T>(
    method: 'POST' | 'DELETE',
    path: string,
    body: unknown,
    shape: z.ZodType<T>,
    extra: Readonly<Record<string, string>> = {},
  ): Promise<T> => {
    const type = { 'content-type': 'application/json' }
    return request(
      path,
      { method, headers: { ...type, ...headers, ...extra }, body: JSON.stringify(body ?? {}) },
      shape,
    )
  }
  return {
    baseUrl,
    headers,
    get: (path, shape) => request(path, { headers }, shape),
    post: (path, body, shape, extra = {}) => send('POST', path, body, shape, extra),
    delete: (path, body, shape) => send('DELETE', path, body, shape),
  }
}

const problem = z.looseObject({
  code: z.string(),
  detail: z.string().default(''),
  errors: z.array(z.looseObject({ path: z.string().optional(), message: z.string() })).default([]),
})

interface Refusal {
  readonly status: number
  readonly url: string
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
}

/** A refusal as an error: what the server said, the fields it named, and what to do about it. */
export const problemOf = async (response: Refusal): Promise<ApiProblem | UnexpectedAnswer> => {
  const text = await response.text().catch(() => '')
  const parsed = problem.safeParse(parsedJson(text))
  if (!parsed.success) return new UnexpectedAnswer(new URL(response.url).origin, `status ${response.status}`)
  const { code, detail, errors } = parsed.data
  // Some details name the fields already.
  const unsaid = errors.filter(({ message }) => !detail.includes(message))
  const fields = unsaid.map(
    ({ path, message }) => `  ${path === undefined || path === '' ? '' : `${path}: `}${message}`,
  )
  const next = nextStep(response.status, response.headers.get('retry-after'))
  const lines = [`${detail === '' ? 'The server refused.' : detail} (${response.status} ${code})`, ...fields]
  return new ApiProblem(response.status, code, next === '' ? lines : [...lines, next])
}

const nextStep = (status: number, retryAfter: string | null): string => {
  switch (status) {
    case 401:
      return "Set CASEBOOK_TOKEN to the server's token."
    case 429:
    case 503:
      return retryAfter === null ? 'Try again in a moment.' : `Try again in ${retryAfter} s.`
    case 500:
      return 'See the log of the server.'
    default:
      return ''
  }
}

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
