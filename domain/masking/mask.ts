// Masks secrets in text and in JSON before anything is written: the log cannot be edited afterwards.
import type { JsonValue } from '../../schemas/json-value.ts'
import { maskAssignments } from './assignments.ts'
import { type CustomPattern, maskCustom } from './custom-patterns.ts'
import { mapIslands, mapStrings } from './json-islands.ts'
import { isKubernetesSecret, maskSecretFragments, maskSecretYaml } from './kubernetes-secret.ts'
import { type GroupName, groups, type PatternName, shapes } from './patterns.ts'
import { maskPemBlocks } from './pem-blocks.ts'
import { isPlaceholder, placeholder } from './placeholder.ts'
import { secretKeyOf } from './secret-keys.ts'

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
  readonly found: Record<string, number>
  total: number
}

/** A value that lost a part of itself may look like another secret; rarely twice. */
const maxPasses = 4

/** Until a pass finds nothing: then masking the result again changes nothing either. */
const untilSettled = <T>(value: T, run: Run, pass: (value: T) => T): T => {
  let settled = value
  for (let passes = 0; passes < maxPasses; passes++) {
    const before = run.total
    settled = pass(settled)
    if (run.total === before) break
  }
  return settled
}

const alertDefaults: MaskingOptions = { groups: ['security', 'kubernetes'] }

/** Masking masked text changes nothing, and JSON and YAML stay valid: only values are replaced. */
export const maskText = (text: string, options: MaskingOptions = alertDefaults): Masked => {
  const run = runOf(options)
  const custom = maskCustom(text, options.custom ?? [], (name) => tally(run, name))
  const masked = untilSettled(custom, run, (each) => builtInMasked(each, run))
  return { text: masked, found: run.found }
}

/** Masks every string of a JSON value, with the key it stands under; keys, numbers and booleans stay. */
export const maskJson = (value: JsonValue, options: MaskingOptions = alertDefaults): JsonValue => {
  const run = runOf(options)
  const custom = mapStrings(value, (each) => maskCustom(each, options.custom ?? [], (name) => tally(run, name)))
  return untilSettled(custom, run, (each) => maskValue(each, undefined, run))
}

const runOf = (options: MaskingOptions): Run => ({
  asked: new Set([...(options.groups ?? []).flatMap((group) => groups[group]), ...(options.patterns ?? [])]),
  found: {},
  total: 0,
})

const tally = (run: Run, name: string, count = 1): void => {
  if (count === 0) return
  run.found[name] = (run.found[name] ?? 0) + count
  run.total += count
}

const builtInMasked = (text: string, run: Run): string => {
  const outside = run.asked.has('kubernetes_secret') ? counted(maskSecretYaml(text), run) : text
  return mapIslands(
    outside,
    (loose) => looseText(loose, run),
    (value) => maskValue(value, undefined, run),
  )
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
  if (typeof before !== 'string' || !/^--?[A-Za-z][\w.-]{0,80}$/.test(before)) return undefined
  return secretKeyOf(before) === undefined ? undefined : before
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
  if (secret === undefined || name === undefined || !secret.accepts(value, 'whole')) return builtInMasked(value, run)
  tally(run, name)
  return placeholder(name)
}

type JsonObject = { readonly [key: string]: JsonValue }

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value)
