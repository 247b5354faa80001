// Masks secrets in text and in JSON before anything is written: the log cannot be edited afterwards.
import type { JsonValue } from '../../schemas/json-value.ts'
import { maskAssignments } from './assignments.ts'
import { jsonIslands, rewriteJson } from './json-islands.ts'
import { isKubernetesSecret, maskSecretFragments, maskSecretYaml } from './kubernetes-secret.ts'
import { type GroupName, groups, type PatternName, shapes } from './patterns.ts'
import { maskPemBlocks } from './pem-blocks.ts'
import { isPlaceholder, placeholder } from './placeholder.ts'
import { secretKeyOf } from './secret-keys.ts'

export interface CustomPattern {
  readonly name: string
  /** Must be linear-time: it runs over text from outside. */
  readonly pattern: RegExp
  /** As `String.replace` takes it; `__MASKED_<NAME>__` when absent. */
  readonly replacement?: string
}

export interface MaskingOptions {
  readonly groups?: readonly GroupName[]
  readonly patterns?: readonly PatternName[]
  readonly custom?: readonly CustomPattern[]
}

export interface Masked {
  readonly text: string
  /** How often each pattern was found. */
  readonly found: Readonly<Record<string, number>>
}

interface Run {
  readonly asked: ReadonlySet<PatternName>
  readonly custom: readonly CustomPattern[]
  readonly found: Record<string, number>
}

const alertDefaults: MaskingOptions = { groups: ['security', 'kubernetes'] }

/** Masking masked text changes nothing, and JSON and YAML stay valid: only values are replaced. */
export const maskText = (text: string, options: MaskingOptions = alertDefaults): Masked => {
  const run = runOf(options)
  return { text: maskedText(text, run), found: run.found }
}

/** Masks every string of a JSON value, with the key it stands under; keys, numbers and booleans stay. */
export const maskJson = (value: JsonValue, options: MaskingOptions = alertDefaults): JsonValue =>
  maskValue(value, undefined, runOf(options))

const runOf = (options: MaskingOptions): Run => ({
  asked: new Set([...(options.groups ?? []).flatMap((group) => groups[group]), ...(options.patterns ?? [])]),
  custom: options.custom ?? [],
  found: {},
})

const tally = (run: Run, name: string, count = 1): void => {
  if (count > 0) run.found[name] = (run.found[name] ?? 0) + count
}

const maskedText = (text: string, run: Run): string => {
  const customised = run.custom.reduce((done, custom) => maskCustom(done, custom, run), text)
  const outside = run.asked.has('kubernetes_secret') ? counted(maskSecretYaml(customised), run) : customised
  let out = ''
  let done = 0
  for (const island of jsonIslands(outside)) {
    out += looseText(outside.slice(done, island.start), run)
    out += rewriteJson(outside.slice(island.start, island.end), maskValue(island.value, undefined, run))
    done = island.end
  }
  return out + looseText(outside.slice(done), run)
}

const counted = (masked: { readonly text: string; readonly count: number }, run: Run): string => {
  tally(run, 'kubernetes_secret', masked.count)
  return masked.text
}

/** Text that is no JSON. */
const looseText = (text: string, run: Run): string => {
  if (text === '') return text
  let masked = run.asked.has('kubernetes_secret') ? counted(maskSecretFragments(text), run) : text
  if (run.asked.has('certificate')) {
    const blocks = maskPemBlocks(masked, placeholder('certificate'))
    tally(run, 'certificate', blocks.count)
    masked = blocks.text
  }
  const assigned = maskAssignments(masked, run.asked)
  for (const name of assigned.found) tally(run, name)
  masked = assigned.text
  for (const { name, pattern, accepts } of shapes) {
    if (!run.asked.has(name)) continue
    masked = masked.replace(pattern, (secret) => {
      if (isPlaceholder(secret) || accepts?.(secret) === false) return secret
      tally(run, name)
      return placeholder(name)
    })
  }
  return masked
}

const maskCustom = (text: string, { name, pattern, replacement }: CustomPattern, run: Run): string => {
  const everywhere = pattern.global ? pattern : new RegExp(pattern, `${pattern.flags}g`)
  const once = new RegExp(pattern, pattern.flags.replace(/[gy]/g, ''))
  return text.replace(everywhere, (secret: string) => {
    if (secret === '' || isPlaceholder(secret)) return secret
    tally(run, name)
    return replacement === undefined ? placeholder(name) : secret.replace(once, replacement)
  })
}

const maskValue = (value: JsonValue, key: string | undefined, run: Run): JsonValue => {
  if (typeof value === 'string') return stringOf(value, key, run)
  if (isList(value)) return value.map((item, index) => maskValue(item, flagBefore(value, index) ?? key, run))
  if (typeof value !== 'object' || value === null) return value
  const items = value['kind'] === 'SecretList' ? value['items'] : undefined
  if (items !== undefined && isList(items)) {
    const whole = items.map((item) => (isObject(item) ? { kind: 'Secret', ...item } : item))
    return {
      ...maskObject({ ...value, items: [] }, run),
      items: whole.map((item, index) => withoutAddedKind(items[index], maskValue(item, undefined, run))),
    }
  }
  return maskObject(value, run)
}

/** The items of a SecretList need not repeat their kind. */
const withoutAddedKind = (written: JsonValue | undefined, masked: JsonValue): JsonValue =>
  written === undefined || !isObject(written) || 'kind' in written || !isObject(masked)
    ? masked
    : Object.fromEntries(Object.entries(masked).filter(([name]) => name !== 'kind'))

const maskObject = (value: JsonObject, run: Run): JsonObject => {
  const hidden = run.asked.has('kubernetes_secret') && isKubernetesSecret(value)
  const named = value['name'] ?? value['key'] ?? value['Name'] ?? value['Key']
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (hidden && (name === 'data' || name === 'stringData')) return [name, secretData(member, run)]
      const known = /^value$/i.test(name) && typeof named === 'string' ? named : name
      return [name, maskValue(member, known, run)]
    }),
  )
}

/** `["--password", "…"]`: the flag is the key of what follows it. */
const flagBefore = (list: readonly JsonValue[], index: number): string | undefined => {
  const before = list[index - 1]
  return typeof before === 'string' && /^--?[A-Za-z][\w.-]{0,80}$/.test(before) ? before : undefined
}

const secretData = (value: JsonValue, run: Run): JsonValue => {
  if (isList(value)) return value.map((item) => secretData(item, run))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, secretData(member, run)]))
  }
  if (value === null || value === '' || (typeof value === 'string' && isPlaceholder(value))) return value
  tally(run, 'kubernetes_secret')
  return placeholder('kubernetes_secret')
}

const stringOf = (value: string, key: string | undefined, run: Run): string => {
  const secret = key === undefined ? undefined : secretKeyOf(key)
  const name = secret?.names.find((candidate) => run.asked.has(candidate))
  if (secret === undefined || name === undefined || !secret.accepts(value, 'whole')) return maskedText(value, run)
  tally(run, name)
  return placeholder(name)
}

type JsonObject = { readonly [key: string]: JsonValue }

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value)
