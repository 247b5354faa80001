// The environment variables of Casebook: names, defaults and what a wrong value is told.
import { z } from 'zod'

export const role = z.enum(['http', 'bus', 'handlers', 'projections'])
export type Role = z.infer<typeof role>

const url = (schemes: readonly string[]) =>
  z.string().refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol), {
    message: `must be a URL starting with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
  })

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((value) => value <= 65_535)

export const environment = z.object({
  CASEBOOK_PORT: port.default(8080),
  CASEBOOK_HOST: z.string().min(1).default('127.0.0.1'),
  CASEBOOK_DATA_DIR: z.string().min(1).default('.casebook'),
  CASEBOOK_CONFIG_DIR: z.string().min(1).optional(),
  CASEBOOK_ROLES: z
    .string()
    .transform((value) => value.split(',').map((each) => each.trim()))
    .pipe(z.array(role).min(1))
    .default([...role.options]),
  /** Bearer token for every request but health; without one only loopback is served. */
  CASEBOOK_TOKEN: z.string().min(16, 'must be at least 16 characters').optional(),
  CASEBOOK_MODEL: z.string().min(1).optional(),
  NATS_URL: url(['nats:', 'tls:']).optional(),
  NATS_SERVER_BIN: z.string().min(1).optional(),
  DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
  OPENAI_API_KEY: z.string().min(1).optional(),
  OPENAI_BASE_URL: url(['http:', 'https:']).optional(),
})
export type Environment = Readonly<z.infer<typeof environment>>
