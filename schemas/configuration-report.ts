// What is told about a configuration without running it: faults, resolved values, what an import did not carry over.
import { z } from 'zod'
import { jsonValue } from './json-value.ts'

/** A place in a file and what is to be said of it. */
export const reportedIssue = z.object({
  file: z.string(),
  /** 1-based; 0 when it is about the file as a whole. */
  line: z.int(),
  /** Such as `chains.default.stages[0].agent`; empty for the whole file. */
  path: z.string(),
  message: z.string(),
})
export type ReportedIssue = Readonly<z.infer<typeof reportedIssue>>

export type ConfigurationCheck =
  | {
      readonly kind: 'valid'
      readonly hash: string
      /** The user's folder; null when only the built-in configuration was checked. */
      readonly folder: string | null
      readonly counts: Readonly<Record<'agents' | 'chains' | 'mcp_servers' | 'providers', number>>
      readonly warnings: readonly ReportedIssue[]
    }
  | { readonly kind: 'faulty'; readonly folder: string | null; readonly issues: readonly ReportedIssue[] }

/** Which layer decided a value; `built-in` is a default of the schema or of the built-in `defaults`. */
export const explainedLayer = z.enum([
  'built-in',
  'defaults',
  'provider',
  'server',
  'agent',
  'chain',
  'stage',
  'environment',
])
export type ExplainedLayer = z.infer<typeof explainedLayer>

export const explainedField = z.object({
  field: z.string(),
  /** Without secrets: what may be one is given as it is written, or as its names. Null when it is not set. */
  value: jsonValue,
  layer: explainedLayer,
  /** File and line, or the variable; empty for a default of the schema. */
  from: z.string(),
})
export type ExplainedField = Readonly<z.infer<typeof explainedField>>

export const explainedPart = z.object({ title: z.string(), fields: z.array(explainedField).readonly() })
export type ExplainedPart = Readonly<z.infer<typeof explainedPart>>

export type ChainExplanation =
  | {
      readonly kind: 'explained'
      readonly chain: string
      readonly hash: string
      readonly parts: readonly ExplainedPart[]
    }
  | { readonly kind: 'no_such_chain'; readonly chain: string; readonly message: string }
  | { readonly kind: 'faulty'; readonly folder: string | null; readonly issues: readonly ReportedIssue[] }

export interface ImportReport {
  /** Files written, relative to the folder. */
  readonly written: readonly string[]
  /** What carried over in another form, such as a changed name. */
  readonly changed: readonly ReportedIssue[]
  readonly notCarriedOver: readonly ReportedIssue[]
  /** Faults of what was written, by the same check that every start makes. */
  readonly issues: readonly ReportedIssue[]
}
