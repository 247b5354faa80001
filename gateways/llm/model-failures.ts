// Which class a failed model call belongs to: the class decides whether and when it is tried again.
import { inspect } from 'node:util'
import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai'
import { ModelFailed } from '../../handlers/ports/language-model.ts'
import type { ModelFailureClass } from '../../schemas/model.ts'

export interface FailedCall {
  /** Provider and model. */
  readonly where: string
  /** What to look at when the key is refused. */
  readonly keyHint: string
  /** Never appears in a message, a partial text or a cause. */
  readonly secret: string | undefined
  readonly partialText: string
}

export const toModelFailed = (error: unknown, { where, keyHint, secret, partialText }: FailedCall): ModelFailed => {
  if (error instanceof ModelFailed) return error
  const failureClass = classOf(error)
  const retryAfterMs = error instanceof APIError ? retryAfter(error.headers) : undefined
  const detail = shortened(withoutSecret(messageOf(error), secret))
  const hint = hintOf(error, failureClass, keyHint)
  return new ModelFailed(failureClass, `${where}: ${detail}${hint === '' ? '' : `; ${hint}`}`, {
    // Logs print causes whole: one that echoes the key is left out.
    ...(!mentions(error, secret) && { cause: error }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(partialText !== '' && { partialText: withoutSecret(partialText, secret) }),
  })
}

const classOf = (error: unknown): ModelFailureClass => {
  if (error instanceof APIConnectionTimeoutError) return 'timeout'
  if (error instanceof APIConnectionError) return 'transient'
  if (error instanceof APIError) return classOfStatus(statusOf(error))
  // A frame cut in the middle is no JSON; a frame is never that otherwise.
  if (error instanceof SyntaxError) return 'transient'
  if (/^(?:E[A-Z]+|UND_ERR_.+)$/.test(codeOf(error))) return 'transient'
  return error instanceof Error && /terminated|premature|fetch failed|socket/i.test(error.message)
    ? 'transient'
    : 'other'
}

const classOfStatus = (status: number | undefined): ModelFailureClass => {
  // An error inside a stream has no status: the endpoint broke off after it had begun.
  if (status === undefined || status >= 500 || status === 408) return 'transient'
  if (status === 429) return 'rate_limited'
  if (status === 401 || status === 403) return 'auth'
  return [400, 404, 405, 409, 413, 415, 422].includes(status) ? 'invalid_request' : 'other'
}

/** Of the response; inside a stream, of the error object there, whose `code` is a number or a word. */
const statusOf = (error: APIError): number | undefined => {
  if (typeof error.status === 'number') return error.status
  const code: unknown = error.code
  if (typeof code === 'number') return code >= 400 && code < 600 ? code : undefined
  const words = `${String(code)} ${String(error.type)}`
  if (/rate_limit/.test(words)) return 429
  if (/invalid_api_key|authentication|permission/.test(words)) return 401
  return /context_length|invalid_request/.test(words) ? 400 : undefined
}

const hintOf = (error: unknown, failureClass: ModelFailureClass, keyHint: string): string => {
  if (failureClass === 'auth') return `check ${keyHint}`
  if (error instanceof APIConnectionError) return 'check that the endpoint is up and base_url is right'
  if (error instanceof APIError && error.status === 404) return "check the model's name and base_url"
  if (failureClass === 'invalid_request' && error instanceof Error) {
    const field = /\b(temperature|stream_options)\b/.exec(error.message)?.[1]
    if (field !== undefined) return `list ${field} under omit of the provider to leave it out`
  }
  return ''
}

const codeOf = (error: unknown): string => {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string') return each.code
  }
  return ''
}

/** Without a code the first cause says most: "bad port". */
const rootOf = (error: Error): Error => (error.cause instanceof Error ? rootOf(error.cause) : error)

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error).slice(0, 500)
  const code = codeOf(error)
  if (error instanceof APIConnectionError && error.message === 'Connection error.') {
    return `connection failed (${code === '' ? rootOf(error).message : code})`
  }
  return error.message === 'terminated' ? `the stream broke off${code === '' ? '' : ` (${code})`}` : error.message
}

const maskable = (secret: string | undefined): secret is string => secret !== undefined && secret.length >= 4

/** Before a text is shortened: half a key must not stay behind. */
const withoutSecret = (text: string, secret: string | undefined): string =>
  maskable(secret) ? text.replaceAll(secret, '__MASKED_API_KEY__') : text

const shortened = (text: string): string => (text.length > 500 ? `${text.slice(0, 500)}…` : text)

const mentions = (error: unknown, secret: string | undefined): boolean =>
  maskable(secret) && inspect(error, { depth: 8, maxStringLength: null, showHidden: true }).includes(secret)

/** Milliseconds from `retry-after-ms` or `Retry-After` (seconds or an HTTP date). */
const retryAfter = (headers: Headers | undefined): number | undefined => {
  const ms = headers?.get('retry-after-ms') ?? ''
  if (/^\d+(?:\.\d+)?$/.test(ms)) return Number(ms)
  const value = headers?.get('retry-after')?.trim() ?? ''
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
