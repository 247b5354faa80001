// The named secret patterns: which group asks for which, and the shapes that give a secret away without any key.
import { looksEncoded } from './secret-values.ts'

export const patternNames = [
  'kubernetes_secret',
  'certificate',
  'certificate_authority_data',
  'connection_string',
  'bearer',
  'cookie',
  'jwt',
  'api_key',
  'password',
  'token',
  'private_key',
  'secret_key',
  'aws_access_key',
  'aws_secret_key',
  'github_token',
  'slack_token',
  'vendor_key',
  'ssh_key',
  'email',
  'base64_secret',
  'base64_short',
] as const

export type PatternName = (typeof patternNames)[number]

const basic = ['api_key', 'password'] as const
const secrets = [
  ...basic,
  'certificate',
  'certificate_authority_data',
  'connection_string',
  'bearer',
  'cookie',
  'jwt',
  'token',
  'private_key',
  'secret_key',
  'aws_access_key',
  'aws_secret_key',
  'github_token',
  'slack_token',
  'vendor_key',
] as const

/** `kubernetes` turns on the structural masker of Secrets; `base64_short` is in `all` only, as short words look like it. */
export const groups = {
  basic,
  secrets,
  security: [...secrets, 'email', 'ssh_key'],
  kubernetes: ['kubernetes_secret', 'api_key', 'password', 'certificate_authority_data'],
  cloud: ['aws_access_key', 'aws_secret_key', 'api_key', 'token', 'vendor_key'],
  all: patternNames,
} as const satisfies Record<string, readonly PatternName[]>

export type GroupName = keyof typeof groups

export interface Shape {
  readonly name: PatternName
  /** Matches the secret alone: what stands before and after is asserted, so it stays. */
  readonly pattern: RegExp
  /** Refuses look-alikes that an expression could only tell at a quadratic price. */
  readonly accepts?: (secret: string) => boolean
}

/**
 * Linear by construction: each expression starts where its run cannot have begun earlier, repeats single classes only,
 * and never repeats a group; so no input makes one character count more than a few times.
 */
export const shapes: readonly Shape[] = [
  {
    name: 'jwt',
    pattern:
      /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*(?:\.[\w-]{8,})?(?:\.[\w-]{8,})?|(?<=[\w-])eyJ[\w-]{8,512}\.eyJ[\w-]{4,}\.[\w-]*/g,
  },
  { name: 'github_token', pattern: /(?<![A-Za-z0-9])(?:gh[oprsu]_[A-Za-z0-9]{20,}|github_pat_\w{20,})/g },
  {
    name: 'slack_token',
    pattern:
      /(?<![A-Za-z0-9])(?:xox[a-z]|xapp)-[A-Za-z0-9-]{10,}|(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]{8,}/g,
  },
  { name: 'aws_access_key', pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g },
  {
    name: 'vendor_key',
    pattern:
      /(?<![A-Za-z0-9])(?:sk-[\w-]{20,}|[prs]k_(?:live|test)_[A-Za-z0-9]{16,}|AIza[\w-]{35}|glpat-[\w-]{20,}|npm_[A-Za-z0-9]{30,}|hv[sbr]\.[\w-]{20,}|xai-[A-Za-z0-9]{30,}|dop_v1_[a-f0-9]{40,})/g,
    // Only `sk-` begins words, too; of the others three in a hundred hold no digit.
    accepts: (secret) => !secret.startsWith('sk-') || /\d|[a-z][A-Z]/.test(secret.slice(0, 80)),
  },
  {
    name: 'connection_string',
    pattern: /(?<=:\/\/[^\s:/@"'<>]*:)[^\s/"'<>\\]+(?=@)|(?<=\b[\w.-]{1,64}:)[^\s:@/"'\\]{1,200}(?=@(?:tcp|unix)\()/g,
  },
  {
    name: 'bearer',
    pattern: /(?<=\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC)[ ]{1,4})[A-Za-z0-9+/=_.~-]{12,}/g,
    accepts: (secret) => /\d|=$|[a-z][A-Z]/.test(secret.slice(0, 400)),
  },
  {
    name: 'ssh_key',
    pattern:
      /(?<=\b(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3}|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) )[A-Za-z0-9+/=]{32,}/g,
  },
  {
    name: 'email',
    pattern: /(?<![\w.%+-])[\w.%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]*[A-Za-z](?![A-Za-z0-9])/g,
    // `postgresql@16-main.service` is a systemd unit, `left-pad@1.3.0` a package.
    accepts: (secret) =>
      !/^__MASKED_|\.(?:service|socket|timer|slice|scope|mount|target|device|path|swap)$|@[\d.v-]+[a-z]*$/.test(secret),
  },
  {
    name: 'base64_secret',
    pattern: /(?<![\w+/=.-])[A-Za-z0-9+/]{20,}={0,2}(?![\w+/=-])/g,
    accepts: (secret) => secret.length >= (secret.endsWith('=') ? 20 : 32) && looksEncoded(secret),
  },
  {
    name: 'base64_short',
    pattern: /(?<=: ["']?)[A-Za-z0-9+/]{2,18}={0,2}(?![\w+/=.:-])/g,
    accepts: (secret) => secret.length % 4 === 0 && (secret.endsWith('=') || looksEncoded(secret)),
  },
]
