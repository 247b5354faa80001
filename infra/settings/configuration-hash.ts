// What names a configuration on the log: the same wherever it runs, and telling nothing of its secrets.
import { createHash } from 'node:crypto'
import type { Configuration } from '../../schemas/agent-definition.ts'
import type { Variables } from './interpolate.ts'
import { isRecord } from './yaml-document.ts'

/**
 * SHA-256, hex, of the resolved configuration with sorted keys. `supplied` are the values of this machine and this run (paths,
 * ports): they stand in as their names. Of what is sent to servers (headers, environment) only the names count.
 */
export const configurationHash = (configuration: Configuration, supplied: Variables): string =>
  createHash('sha256')
    .update(JSON.stringify(canonical(configuration, supplied)))
    .digest('hex')

const canonical = (value: unknown, supplied: Variables): unknown => {
  if (typeof value === 'string') return withoutCredentials(named(value, supplied))
  if (Array.isArray(value)) return value.map((each: unknown) => canonical(each, supplied))
  if (!isRecord(value)) return value
  const isTransport = value['type'] === 'stdio' || value['type'] === 'http'
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => {
        const each = value[key]
        const hidden = isTransport && (key === 'headers' || key === 'env') && isRecord(each)
        return [key, hidden ? Object.keys(each).sort() : canonical(each, supplied)]
      }),
  )
}

const named = (text: string, supplied: Variables): string =>
  Object.entries(supplied)
    .filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '')
    .reduce((each, [name, value]) => each.replaceAll(value, `\${${name}}`), text)

const withoutCredentials = (text: string): string => text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s]*@/gi, '$1')
