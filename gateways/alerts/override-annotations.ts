// Overrides as senders that have no field of ours can say them: annotations of an alert rule, data of a foreign event.
import { didYouMean } from '../../domain/plan/nearest-name.ts'
import { type Overrides, overrides } from '../../schemas/overrides.ts'
import { issuesOf } from './alert-draft.ts'

interface ReadOverrides {
  readonly overrides?: Overrides
  /** Such a sender is never told: the session it asks for ends with this. */
  readonly overrideFault?: string
}

export const readOverrides = (given: unknown): ReadOverrides => {
  if (given === undefined) return {}
  const parsed = overrides.safeParse(given)
  return parsed.success ? { overrides: parsed.data } : { overrideFault: issuesOf(parsed.error.issues).join('; ') }
}

const prefix = 'casebook_'

const list = (text: string): readonly string[] => text.split(/[\s,]+/).filter((each) => each !== '')
/** What is no number is left to the schema to refuse. */
const number = (text: string): number | string => (text.trim() === '' ? text : Number(text))

const readers: Readonly<Record<string, (text: string) => object>> = {
  chain: (chain) => ({ chain }),
  runbook: (runbook) => ({ runbook }),
  mcp_servers: (text) => ({ mcpServers: list(text) }),
  tools: (text) => ({ tools: list(text) }),
  priority: (priority) => ({ priority }),
  slack_fingerprint: (slackFingerprint) => ({ slackFingerprint }),
}
const budgetKinds: readonly string[] = ['tokens', 'usd', 'wall_seconds', 'tool_calls']
const names = [...Object.keys(readers), ...budgetKinds.map((kind) => `budget_${kind}`)].map((name) => prefix + name)

/** `casebook_<field>`; lists are separated by commas or spaces. */
export const overridesOfAnnotations = (annotations: Readonly<Record<string, string>>): ReadOverrides => {
  let given: object | undefined
  let budget: object | undefined
  for (const [annotation, text] of Object.entries(annotations)) {
    if (!annotation.startsWith(prefix)) continue
    const field = annotation.slice(prefix.length)
    const kind = field.startsWith('budget_') ? field.slice('budget_'.length) : ''
    if (budgetKinds.includes(kind)) budget = { ...budget, [kind]: number(text) }
    else {
      const read = Object.hasOwn(readers, field) ? readers[field] : undefined
      if (read === undefined) {
        const near = didYouMean(annotation, names) || `; there are ${names.join(', ')}`
        return { overrideFault: `there is no annotation "${annotation}"${near}` }
      }
      given = { ...given, ...read(text) }
    }
  }
  return given === undefined && budget === undefined ? {} : readOverrides({ ...given, ...(budget && { budget }) })
}
