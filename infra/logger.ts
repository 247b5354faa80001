// The process log: one JSON line each on stderr, readable lines on a terminal, secrets taken out.
import { type DestinationStream, pino, stdSerializers, stdTimeFunctions } from 'pino'
import { maskText } from '../domain/masking/mask.ts'
import type { Log } from '../handlers/ports/log.ts'

const secretKeys = ['authorization', 'token', 'password', 'apiKey', 'api_key', 'secret']
const redacted = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`])
const censor = '__MASKED__'

/** Of a URL only the name and password are secret; where it leads is what an operator needs. */
const withoutCredentials = (text: string): string =>
  text
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s]+@/gi, `$1${censor}@`)
    .replace(/([?&](?:password|token|secret|api_?key|key)=)[^&\s"']+/gi, `$1${censor}`)
    .replace(/(\bbearer\s+)[\w.~+/=-]{8,}/gi, `$1${censor}`)

/** The last gate: whoever writes a line need not think of what it quotes. */
const withoutSecrets = (text: string): string => maskText(withoutCredentials(text), { groups: ['secrets'] }).text

/** What errors and addresses say comes from elsewhere: it is read before it is written. */
const cleaned = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return withoutSecrets(value)
  if (value instanceof Error) return cleaned(stdSerializers.err(value), depth)
  if (Array.isArray(value) && depth < 4) return value.map((each: unknown) => cleaned(each, depth + 1))
  if (typeof value !== 'object' || value === null || depth >= 4) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cleaned(each, depth + 1)]))
}

/** `destination` is stderr unless a test wants to read it. */
export const createLog = (level = process.env['LOG_LEVEL'] || 'info', destination?: DestinationStream): Log => {
  const options = {
    level: Object.hasOwn(pino.levels.values, level) || level === 'silent' ? level : 'info',
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) =>
        Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, cleaned(value)])),
    },
    redact: { paths: redacted, censor },
  }
  const pretty = { target: 'pino-pretty', options: { destination: 2, translateTime: 'SYS:HH:MM:ss', singleLine: true } }
  const logger =
    destination === undefined && process.stderr.isTTY
      ? pino({ ...options, transport: pretty })
      : pino(options, destination ?? pino.destination(2))
  return {
    info: (fields, message) => logger.info(fields, withoutSecrets(message)),
    warn: (fields, message) => logger.warn(fields, withoutSecrets(message)),
    error: (fields, message) => logger.error(fields, withoutSecrets(message)),
  }
}
