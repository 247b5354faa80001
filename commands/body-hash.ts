// A digest of a command's data, so that one id can never stand for two different commands.
import { createHash } from 'node:crypto'

export const bodyHash = (type: string, data: unknown): string =>
  createHash('sha256').update(type).update('\n').update(canonical(data)).digest('hex')

/** JSON with sorted keys: equal data gives equal text whatever order its keys came in. */
const canonical = (value: unknown): string => JSON.stringify(value, sortKeys)

const sortKeys = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
