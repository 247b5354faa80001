// The arguments a model wrote, parsed and checked by the tool's JSON Schema; what is wrong is said so that it can mend them.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { CheckArguments } from '../../handlers/check-proposed.ts'
import { jsonValue } from '../../schemas/json-value.ts'

const schemaObject = z.record(z.string(), z.unknown())

export const createCheckArguments = (): CheckArguments => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  const compiled = new LRUCache<string, { readonly validate: ValidateFunction | null }>({ max: 2_000 })

  const validatorOf = (schema: unknown): ValidateFunction | null => {
    const key = JSON.stringify(schema)
    const known = compiled.get(key)
    if (known !== undefined) return known.validate
    const validate = compile(ajv, schema)
    compiled.set(key, { validate })
    return validate
  }

  return (tool, written) => {
    const parsed = parse(written)
    if (parsed === undefined || typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      return { kind: 'invalid', message: `The arguments of ${tool.name} are not a JSON object. Write one JSON object.` }
    }
    const validate = validatorOf(tool.inputSchema)
    if (validate === null || validate(parsed)) return { kind: 'valid', arguments: parsed }
    const problems = (validate.errors ?? []).slice(0, 5).map(({ instancePath, message, params }) => {
      const extra = 'additionalProperty' in params ? ` ("${String(params['additionalProperty'])}")` : ''
      return `${instancePath === '' ? 'the arguments' : instancePath.slice(1)} ${message ?? 'are wrong'}${extra}`
    })
    return { kind: 'invalid', message: `The arguments of ${tool.name} do not fit: ${problems.join('; ')}.` }
  }
}

const parse = (written: string) => {
  if (written.trim() === '') return {}
  try {
    return jsonValue.parse(JSON.parse(written))
  } catch {
    return undefined
  }
}

/** A schema that cannot be compiled checks nothing: the server itself will have its say. */
const compile = (ajv: Ajv2020, schema: unknown): ValidateFunction | null => {
  const object = schemaObject.safeParse(schema)
  if (!object.success) return null
  const { $schema: _, $id: __, ...rest } = object.data
  try {
    return ajv.compile(rest)
  } catch {
    return null
  } finally {
    // It would keep every schema for ever; the cache above does not.
    ajv.removeSchema(rest)
  }
}
