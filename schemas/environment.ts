// The environment variables of Casebook: names, defaults and what a wrong value is told.
import { z } from 'zod'
import { parseEventStoreUrl } from './eventstore-url.ts'

const role = z.enum(['http', 'bus', 'handlers', 'projections'])
type Role = z.infer<typeof role>

/** Beside the schema of each variable: what a refusal shows. */
interface VariableMeta {
  readonly example: string
  /** The value is never shown: it is a secret or may hold one. */
  readonly secret?: boolean
}
/** A registry of its own: these words are for refusals, not for JSON Schema. */
const notes = z.registry<VariableMeta>()

const noted = <T extends z.ZodType>(schema: T, meta: VariableMeta): T => {
  notes.add(schema, meta)
  return schema
}

const url = (schemes: readonly string[]) =>
  z.string().refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol), {
    message: `must be a URL starting with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
  })

/** Kubernetes sets `<SERVICE>_PORT=tcp://…` for a service of this name. */
const serviceLink = /^(?:tcp|udp|sctp):\/\//

const port = z.string().transform((value, context) => {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value)
  const message = serviceLink.test(value)
    ? 'is set by Kubernetes for a service named "casebook"; set enableServiceLinks: false in the pod, or set it yourself'
    : 'must be a port, 0 to 65535 (0 takes a free one)'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const roles = z.string().transform((value, context): readonly Role[] => {
  const words = value
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  const parsed = z.array(role).min(1).safeParse(words)
  if (parsed.success) return [...new Set(parsed.data)]
  context.addIssue({ code: 'custom', message: `must be some of ${role.options.join(', ')}, separated by commas` })
  return z.NEVER
})

const text = z.string().min(1)

/** An empty value counts as not set. */
export const environment = z.object({
  CASEBOOK_PORT: noted(port.default(8080), { example: '8080' }),
  CASEBOOK_HOST: noted(text.default('127.0.0.1'), { example: '127.0.0.1' }),
  CASEBOOK_DATA_DIR: noted(text.default('.casebook'), { example: '.casebook' }),
  CASEBOOK_CONFIG_DIR: noted(text.optional(), { example: './my-config' }),
  CASEBOOK_ROLES: noted(roles.default([...role.options]), { example: 'http,handlers' }),
  /** Rebuilds and verifications under way at once, in all processes together. */
  CASEBOOK_REBUILDS: noted(
    z
      .string()
      .regex(/^(?:[1-9]|[1-5]\d|6[0-4])$/, 'must be a whole number, 1 to 64')
      .default('2')
      .transform(Number),
    { example: '2' },
  ),
  /** Messages of the log that may be read for a read model of another time. */
  CASEBOOK_AS_OF_COMMITS: noted(
    z
      .string()
      .regex(/^[1-9]\d{0,8}$/, 'must be a whole number, 1 to 999999999')
      .default('500000')
      .transform(Number),
    { example: '500000' },
  ),
  /** `strict`: an append counts when Postgres has committed its copy, too. */
  CASEBOOK_DURABILITY: noted(z.enum(['default', 'strict'], 'must be default or strict').default('default'), {
    example: 'strict',
  }),
  /** `sealed`: who did something and what they wrote is stored under a key of theirs, which can be destroyed. */
  CASEBOOK_PERSONAL_FIELDS: noted(z.enum(['plain', 'sealed'], 'must be plain or sealed').default('plain'), {
    example: 'sealed',
  }),
  /** Of every stream; without it 3 on a cluster of three or more, else 1, and streams that are there stay as they are. */
  CASEBOOK_REPLICAS: noted(
    z
      .string()
      .regex(/^[1-5]$/, 'must be a whole number, 1 to 5')
      .transform(Number)
      .optional(),
    { example: '3' },
  ),
  /** Bearer token for every request but health; without one only loopback is served. */
  CASEBOOK_TOKEN: noted(
    z
      .string()
      .regex(/^[\x21-\x7e]{16,}$/, 'must be at least 16 printable characters without spaces')
      .optional(),
    { example: '$(openssl rand -hex 24)', secret: true },
  ),
  CASEBOOK_MODEL: noted(z.string().regex(/^\S+$/, "must be a model's name, without spaces").optional(), {
    example: 'gpt-5.2',
  }),
  NATS_URL: noted(url(['nats:', 'tls:']).optional(), { example: 'nats://127.0.0.1:4222', secret: true }),
  NATS_SERVER_BIN: noted(text.optional(), { example: '/usr/sbin/nats-server' }),
  DATABASE_URL: noted(url(['postgres:', 'postgresql:']).optional(), {
    example: 'postgres://user:password@127.0.0.1:5432/casebook',
    secret: true,
  }),
  EVENTSTORE_URL: noted(
    z
      .string()
      .refine((value) => parseEventStoreUrl(value) !== null, {
        message:
          'must be an address of EventStoreDB starting with esdb:// or esdb+discover://, with no options but tls, tlsCAFile and nodePreference',
      })
      .optional(),
    { example: 'esdb://admin:password@127.0.0.1:2113?tls=true', secret: true },
  ),
  /** Travels as a header: a line end that came along from a file would spoil every call. */
  OPENAI_API_KEY: noted(
    z
      .string()
      .regex(/^[\x21-\x7e]+$/, 'must be printable characters without spaces')
      .optional(),
    { example: 'sk-…', secret: true },
  ),
  OPENAI_BASE_URL: noted(url(['http:', 'https:']).optional(), { example: 'http://127.0.0.1:11434/v1', secret: true }),
})
export type Environment = Readonly<z.infer<typeof environment>>
export type EnvironmentName = keyof Environment

export const isEnvironmentName = (name: string): name is EnvironmentName => Object.hasOwn(environment.shape, name)

export const variableMeta = (name: EnvironmentName): VariableMeta =>
  notes.get(environment.shape[name]) ?? { example: '', secret: true }

export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
