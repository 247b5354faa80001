// How long sessions are kept after their end, and what a policy would erase.
import { z } from 'zod'
import { sessionId } from './ids.ts'
import type { sessionOrigin } from './session-origin.ts'

type SessionOrigin = z.infer<typeof sessionOrigin>

/** A session is of the kind of its origin. */
export const retentionKind = z.enum(['alert', 'request', 'task', 'child', 'fork', 'replay']) satisfies z.ZodType<
  SessionOrigin['kind']
>

export const retentionPolicy = z.strictObject({
  /** Absent: of any org. */
  org: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be an org: 1–63 of a-z, 0-9 and "-"')
    .optional(),
  /** Absent: of any kind. */
  kind: retentionKind.optional(),
  /** After the end of the session. */
  keep_days: z.union([z.number().min(0).max(36_500), z.literal('forever')], {
    error: 'must be 0 to 36500 days, or forever',
  }),
})
export type RetentionPolicy = Readonly<z.infer<typeof retentionPolicy>>

/** By name. For a session the policy that says most counts: org and kind, org, kind, neither. */
export const retentionPolicies = z
  .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1–63 of a-z, 0-9 and "-"'), retentionPolicy)
  .superRefine((policies, context) => {
    const names = new Map<string, string>()
    for (const [name, { org = '', kind = '' }] of Object.entries(policies)) {
      const scope = `${org}/${kind}`
      const other = names.get(scope)
      if (other !== undefined)
        context.addIssue({ code: 'custom', path: [name], message: `is for the same sessions as "${other}"` })
      names.set(scope, name)
    }
  })
export type RetentionPolicies = Readonly<z.infer<typeof retentionPolicies>>

/** A session whose time a policy names. */
export const expiringSession = z.object({
  org: z.string(),
  id: sessionId,
  title: z.string(),
  kind: retentionKind,
  policy: z.string(),
  keepDays: z.number(),
  endedAt: z.string(),
  /** From then on the janitor erases it. */
  expiresAt: z.string(),
  /** Why it is held all the same; null when it is not. */
  held: z.string().nullable(),
})
export type ExpiringSession = Readonly<z.infer<typeof expiringSession>>

export const retentionPreview = z
  .object({
    /** What has expired by then is told of. */
    at: z.string(),
    /** Of every policy that holds for the org, those that say most first. */
    policies: z
      .array(
        z.object({
          name: z.string(),
          org: z.string().nullable(),
          kind: retentionKind.nullable(),
          keepDays: z.union([z.number(), z.literal('forever')]),
          /** Sessions that are erased by then, and those that a legal hold keeps. */
          expired: z.int(),
          held: z.int(),
        }),
      )
      .readonly(),
    /** Those to be erased first, first; not all of them when there are many. */
    items: z.array(expiringSession).readonly(),
  })
  .meta({ id: 'RetentionPreview' })
export type RetentionPreview = Readonly<z.infer<typeof retentionPreview>>
