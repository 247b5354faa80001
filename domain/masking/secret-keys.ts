// Which keys name a secret, by whole words: `db_password` and `apiKey` do, `partition_key`, `bypass` and `password_file` do not.
import type { PatternName } from './patterns.ts'
import { endsMasked } from './placeholder.ts'
import { isBase64, isHarmless, startsAsProse } from './secret-values.ts'

/**
 * How sure it is where a value ends, and that it is one: `whole` is quoted, structural or after `=`;
 * `line` is the rest of a line that its key begins; `prose` is the next word of a sentence.
 */
export type Where = 'whole' | 'line' | 'prose'

export interface SecretKey {
  /** The first of these that is asked for is the one that masks. */
  readonly names: readonly PatternName[]
  readonly spaces: boolean
  readonly accepts: (value: string, where: Where) => boolean
}

interface Rule extends SecretKey {
  /** Tried against the key's words joined by `_`: `X-Api-Key` is `x_api_key`. */
  readonly key: RegExp
}

const aLocation = /^(?:\/|\.{0,2}\/|[A-Za-z]:\\|arn:|alias\/|https?:\/\/[^@]*$)/
const aNumber = /^-?[\d.,]+%?$/

const sure = (value: string, where: Where): boolean => value.length >= (where === 'whole' ? 1 : 3)
const notAMeasure = (value: string, where: Where): boolean =>
  value.length >= (where === 'whole' ? 1 : 4) && !aLocation.test(value) && !aNumber.test(value)
const likely = (value: string, where: Where): boolean =>
  value.length >= 8 && !aLocation.test(value) && !hasSpace(value) && (where !== 'prose' || hasDigit(value))
/** Values are as long as hostile texts make them; their beginnings tell enough. */
const hasSpace = (value: string): boolean => /\s/.test(value.slice(0, 400))
const hasDigit = (value: string): boolean => /\d/.test(value.slice(0, 200))
const aWord = (value: string, where: Where): boolean => sure(value, where) && !hasSpace(value)
const encoded = (value: string): boolean => value.length >= 12 && /^[A-Za-z0-9+/=_\s-]+$/.test(value.slice(0, 400))

const rules: readonly Rule[] = [
  { key: /(?:password|passwd|passphrase|passcode)s?$/, names: ['password'], spaces: true, accepts: sure },
  { key: /(?:^|_)(?:pass|pwd|pw)$/, names: ['password'], spaces: true, accepts: notAMeasure },
  { key: /(?:^|_)credentials?$/, names: ['password'], spaces: false, accepts: likely },
  { key: /^auth$/, names: ['password'], spaces: false, accepts: (value) => isBase64(value) && value.length >= 12 },
  {
    key: /(?:certificate_authority|client_certificate|client_key)_data$|(?:^|_)ca_bundle$/,
    names: ['certificate_authority_data'],
    spaces: false,
    accepts: encoded,
  },
  {
    key: /(?:secret_access_key|aws_secret_key|secretaccesskey)$/,
    names: ['aws_secret_key', 'secret_key'],
    spaces: false,
    accepts: aWord,
  },
  {
    key: /(?:aws_access_key(?:_id)?|access_key_id)$/,
    names: ['aws_access_key'],
    spaces: false,
    accepts: (value) => /^[A-Z0-9]{16,}$/.test(value),
  },
  { key: /(?:^|_)(?:api_?keys?|x_?api_?key)$|apikey$/, names: ['api_key'], spaces: false, accepts: aWord },
  { key: /(?:^|_)private_?key(?:_data|_pem)?$/, names: ['private_key', 'secret_key'], spaces: true, accepts: sure },
  {
    key: /(?:^|_)(?:secret_?keys?|client_?secret|secret_key_base)$/,
    names: ['secret_key'],
    spaces: false,
    accepts: aWord,
  },
  // Names of objects, not what they hold.
  {
    key: /(?:^|_)(?:pull|tls|existing|kubernetes|k8s|from|cert|certificate|ingress|sealed|external)_secrets?$/,
    names: ['secret_key'],
    spaces: false,
    accepts: () => false,
  },
  { key: /(?:^|_)secrets?$|secret$/, names: ['secret_key'], spaces: false, accepts: likelyOrShorter },
  {
    key: /(?:^|_)(?:signing|encryption|master|auth|account|license|webhook|session|access|app|application|deploy|storage|integration|service|routing)_key$/,
    names: ['secret_key', 'api_key'],
    spaces: false,
    accepts: (value) => /^[A-Za-z0-9+/=_-]{20,}$/.test(value.slice(0, 4000)) && hasDigit(value),
  },
  { key: /_?dockerconfigjson$|_?dockercfg$/, names: ['secret_key', 'password'], spaces: true, accepts: sure },
  // Where a list goes on is no secret.
  {
    key: /(?:^|_)(?:next|prev|previous|page|continue|continuation|sync|resume|pagination|cancel|cancellation)_(?:page_)?token$/,
    names: ['token'],
    spaces: false,
    accepts: () => false,
  },
  {
    key: /_tokens?$|(?:access|auth|refresh|bearer|api|session|github|gitlab|slack|bot|id|user)token$/,
    names: ['token'],
    spaces: false,
    accepts: (value, where) => notAMeasure(value, where) && value.length >= 6 && !hasSpace(value),
  },
  {
    key: /^(?:tokens?|jwt|bearer)$/,
    names: ['token'],
    spaces: false,
    accepts: (value, where) => likely(value, where) && !aNumber.test(value),
  },
  {
    key: /(?:^|_)authorization$/,
    names: ['bearer', 'token'],
    spaces: true,
    accepts: (value) => authorizationScheme.test(value) || (value.length >= 12 && !hasSpace(value) && hasDigit(value)),
  },
  {
    key: /(?:^|_)cookies?$/,
    names: ['cookie'],
    spaces: true,
    accepts: (value) => /=[^\s;]{8,}/.test(value.slice(0, 4000)),
  },
]

/** Kept before the placeholder: it says how a caller proved itself, not with what. */
export const authorizationScheme = /^(?:Bearer|Basic|Token|Digest|ApiKey|Negotiate|NTLM|AWS4-HMAC-SHA256)\s+/i

function likelyOrShorter(value: string, where: Where): boolean {
  return value.length >= (where === 'whole' ? 4 : 6) && likely(value.padEnd(8, ' ').trimEnd().padEnd(8, '0'), where)
}

/** Undefined when the key names no secret. */
export const secretKeyOf = (key: string): SecretKey | undefined => {
  const words = endsMasked(key) ? '' : wordsOf(key)
  if (words === '') return undefined
  const rule = rules.find((candidate) => candidate.key.test(words))
  return (
    rule && {
      names: rule.names,
      spaces: rule.spaces,
      accepts: (value, where) =>
        !isHarmless(value) && !(where !== 'whole' && startsAsProse(value)) && rule.accepts(value, where),
    }
  )
}

const wordsOf = (key: string): string =>
  key
    .slice(-80)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .join('_')
    .toLowerCase()
