// Masks secrets in text and in JSON before anything is written: the log cannot be edited afterwards.
import type { JsonValue } from '../../schemas/json-value.ts'
import { maskKubernetesSecrets } from './kubernetes-secret.ts'
import { type GroupName, groups, type PatternName, patterns } from './patterns.ts'

export interface MaskingOptions {
  readonly groups?: readonly GroupName[]
  readonly patterns?: readonly PatternName[]
}

export interface Masked {
  readonly text: string
  /** How often each pattern was found. */
  readonly found: Readonly<Record<string, number>>
}

const alertDefaults: MaskingOptions = { groups: ['security', 'kubernetes'] }

/** Masking masked text changes nothing. */
export const maskText = (text: string, options: MaskingOptions = alertDefaults): Masked => {
  const found: Record<string, number> = {}
  let masked = text
  if (options.groups?.some((group) => group === 'kubernetes' || group === 'all')) {
    const kubernetes = maskKubernetesSecrets(masked)
    if (kubernetes.count > 0) found['kubernetes_secret'] = kubernetes.count
    masked = kubernetes.text
  }
  for (const name of selected(options)) {
    masked = masked.replace(patterns[name], (match: string, ...rest: unknown[]) => {
      const parts = capturedBy(rest)
      if (isHarmless(parts.value)) return match
      found[name] = (found[name] ?? 0) + 1
      return `${parts.head}${placeholder(name)}`
    })
  }
  return { text: masked, found }
}

/** Masks every string of a JSON value; a string under a telling key is masked whatever it looks like. */
export const maskJson = (value: JsonValue, options: MaskingOptions = alertDefaults): JsonValue =>
  maskUnder('', value, options)

const maskUnder = (key: string, value: JsonValue, options: MaskingOptions): JsonValue => {
  if (typeof value === 'string') return maskMember(key, value, options)
  if (Array.isArray(value)) return value.map((item: JsonValue) => maskUnder(key, item, options))
  if (typeof value !== 'object' || value === null) return value
  if (isSecretObject(value)) {
    const masked: unknown = JSON.parse(maskKubernetesSecrets(JSON.stringify(value)).text)
    return isJsonObject(masked) ? masked : placeholder('kubernetes_secret')
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, maskUnder(name, member, options)]))
}

/** Keys whose string is a secret whatever it looks like. */
const secretKey =
  /(?:^|[_.-])(?:[a-z0-9]{0,20}(?:password|passwd|passphrase)|pwd|client_?secret|secret_?key|private_?key|api_?key)$/i

const maskMember = (key: string, value: string, options: MaskingOptions): string => {
  if (secretKey.test(key) && value.length >= 4 && !isHarmless(value)) return placeholder('password')
  const head = `${key}: `
  const inContext = maskText(head + value, options).text
  return inContext.startsWith(head)
    ? maskText(inContext.slice(head.length), options).text
    : maskText(value, options).text
}

const isSecretObject = (value: JsonValue): boolean =>
  isJsonObject(value) && value['kind'] === 'Secret' && ('data' in value || 'stringData' in value)

const isJsonObject = (value: unknown): value is { readonly [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const placeholder = (name: string): string => `__MASKED_${name.replace(/_flag$/, '').toUpperCase()}__`

const selected = (options: MaskingOptions): ReadonlySet<PatternName> =>
  new Set([...(options.groups ?? []).flatMap((group) => groups[group]), ...(options.patterns ?? [])])

const capturedBy = (rest: readonly unknown[]): { readonly head: string; readonly value: string } => {
  const last = rest.at(-1)
  const named = typeof last === 'object' && last !== null ? last : {}
  return {
    head: 'head' in named && typeof named.head === 'string' ? named.head : '',
    value: 'value' in named && typeof named.value === 'string' ? named.value : '',
  }
}

/** Values that say there is no secret, or that it was masked before. */
const isHarmless = (value: string): boolean =>
  /^(?:__MASKED_|null$|none$|true$|false$|undefined$|\*{3,}|<[a-z]|\$\{?[A-Z(])/i.test(value) ||
  /^(?:disabled|enabled|required|expired|incorrect|invalid|missing|failed|reset|changed|unknown)\b/i.test(value)
