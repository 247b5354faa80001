// The process log: one JSON line each on stderr, readable lines on a terminal, secrets taken out.
import { pino } from 'pino'
import type { Log } from '../handlers/ports/log.ts'

const redacted = [
  'authorization',
  'token',
  'password',
  'apiKey',
  'url',
  'natsUrl',
  'databaseUrl',
  '*.authorization',
  '*.token',
  '*.password',
]

export const createLog = (level = process.env['LOG_LEVEL'] ?? 'info'): Log => {
  const options = { level, base: null, redact: { paths: redacted, censor: '__MASKED__' } }
  const logger = process.stderr.isTTY
    ? pino({
        ...options,
        transport: { target: 'pino-pretty', options: { destination: 2, ignore: 'time', singleLine: true } },
      })
    : pino(options, pino.destination(2))
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  }
}
