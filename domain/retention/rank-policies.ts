// Which of several retention policies counts for a session: the one that says most of it.
import type { RetentionPolicies, RetentionPolicy } from '../../schemas/retention.ts'

export interface NamedPolicy extends RetentionPolicy {
  readonly name: string
}

/** The first that fits a session counts: org and kind before org, before kind, before neither. */
export const rankPolicies = (policies: RetentionPolicies): readonly NamedPolicy[] =>
  Object.entries(policies)
    .map(([name, policy]) => ({ name, ...policy }))
    .sort((a, b) => weight(b) - weight(a) || (a.name < b.name ? -1 : 1))

const weight = ({ org, kind }: RetentionPolicy): number => (org === undefined ? 0 : 2) + (kind === undefined ? 0 : 1)

/** What the tombstone says. */
export const expiryReason = ({ policy, keepDays }: { readonly policy: string; readonly keepDays: number }): string =>
  `retention policy "${policy}": ${keepDays} ${keepDays === 1 ? 'day' : 'days'} after its end`
