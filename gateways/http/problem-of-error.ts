// What was thrown becomes a problem document; anything nobody foresaw says only where to look it up.
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { InvalidCommand } from '../../commands/command-errors.ts'
import { CasebookError } from '../../schemas/casebook-error.ts'
import { type FieldError, factsOf, type ProblemFacts, RequestRefused } from './problem.ts'

export const factsOfError = (error: unknown): ProblemFacts => {
  if (hasZodFastifySchemaValidationErrors(error)) {
    return factsOf('invalid_request', `Mend these fields of the ${error.validationContext ?? 'request'}.`, {
      errors: error.validation.map(({ instancePath, message, params }) => ({
        path: pathOf(instancePath, params),
        message: message ?? 'is not valid',
      })),
    })
  }
  if (error instanceof InvalidCommand) return factsOf(error.code, error.message, { errors: error.issues.map(fieldOf) })
  if (error instanceof RequestRefused) {
    return factsOf(error.code, error.message, { errors: error.errors, lag: error.lag })
  }
  if (error instanceof CasebookError) return ofCasebook(error)
  return ofFramework(error) ?? factsOf('unexpected', 'The cause is in the log under the correlation id.')
}

/** `<path>: <what is wrong>` apart again. */
export const fieldOf = (issue: string): FieldError => {
  const at = issue.indexOf(': ')
  return at === -1 ? { path: '', message: issue } : { path: issue.slice(0, at), message: issue.slice(at + 2) }
}

const ofCasebook = (error: CasebookError): ProblemFacts => {
  const facts = factsOf(error.code, error.message, { retryable: error.retryable })
  // Messages of inner errors may name hosts or files; their code and the log are enough outside.
  return facts.status === 500 ? { ...facts, detail: 'The cause is in the log under the correlation id.' } : facts
}

const ofFramework = (error: unknown): ProblemFacts | null => {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return null
  const code = 'code' in error ? String(error.code) : ''
  if (error.statusCode === 413) return factsOf('body_too_large', 'At most 2 MiB are taken at once. Send less.')
  if (error.statusCode === 415) return factsOf('unsupported_media_type', 'Send application/json.')
  if (error.statusCode === 503) return factsOf('shutting_down', 'This process is stopping. Ask again.')
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return factsOf('malformed_json', 'The body is empty; send a JSON value.')
  if (code.startsWith('FST_ERR_CTP_INVALID_JSON') || error instanceof SyntaxError) {
    return factsOf('malformed_json', error.message)
  }
  return error.statusCode >= 400 && error.statusCode < 500 ? factsOf('invalid_request', error.message) : null
}

const pathOf = (instancePath: string, params: Readonly<Record<string, unknown>>): string => {
  const path = instancePath.split('/').filter((part) => part !== '')
  const unknown = Array.isArray(params['keys']) ? params['keys'].map(String) : []
  return [...path, ...(unknown.length > 0 ? [unknown.join(',')] : [])].join('.') || '(body)'
}
