// Which class a failed model call belongs to: the class decides whether and when it is tried again.
import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  AuthenticationError,
  PermissionDeniedError,
  RateLimitError,
} from 'openai'
import { ModelFailed } from '../../handlers/ports/language-model.ts'
import type { ModelFailureClass } from '../../schemas/model.ts'

/** `where` names provider and model; `secret` never appears in the message. */
export const toModelFailed = (
  error: unknown,
  where: string,
  secret: string | undefined,
  partialText: string,
): ModelFailed => {
  if (error instanceof ModelFailed) return error
  const failureClass = classOf(error)
  const retryAfterMs = error instanceof APIError ? retryAfter(error.headers) : undefined
  const detail = withoutSecret(messageOf(error), secret)
  return new ModelFailed(failureClass, `${where}: ${detail}`, {
    cause: error,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(partialText !== '' && { partialText }),
  })
}

const classOf = (error: unknown): ModelFailureClass => {
  if (error instanceof APIConnectionTimeoutError) return 'timeout'
  if (error instanceof APIConnectionError) return 'transient'
  if (error instanceof RateLimitError) return 'rate_limited'
  if (error instanceof AuthenticationError || error instanceof PermissionDeniedError) return 'auth'
  if (error instanceof APIError) {
    const status: unknown = error.status
    // A stream that carries an error object has no status: the endpoint broke off after it had begun.
    if (typeof status !== 'number' || status >= 500 || status === 408) return 'transient'
    return [400, 404, 405, 409, 413, 415, 422].includes(status) ? 'invalid_request' : 'other'
  }
  const code = codeOf(error)
  if (/^(?:E[A-Z]+|UND_ERR_.+)$/.test(code)) return 'transient'
  return error instanceof TypeError || (error instanceof Error && /terminated|premature|aborted/i.test(error.message))
    ? 'transient'
    : 'other'
}

const codeOf = (error: unknown): string => {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string') return each.code
  }
  return ''
}

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const code = codeOf(error)
  const text = error.message === 'Connection error.' && code !== '' ? `connection failed (${code})` : error.message
  return text.slice(0, 500)
}

const withoutSecret = (text: string, secret: string | undefined): string =>
  secret === undefined || secret.length < 4 ? text : text.replaceAll(secret, '__MASKED_API_KEY__')

/** Milliseconds from `retry-after-ms` or `Retry-After` (seconds or an HTTP date). */
export const retryAfter = (headers: Headers | undefined): number | undefined => {
  const ms = Number(headers?.get('retry-after-ms') ?? Number.NaN)
  if (Number.isFinite(ms) && ms >= 0) return ms
  const value = headers?.get('retry-after') ?? ''
  if (value === '') return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
