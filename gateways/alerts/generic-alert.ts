// Casebook's own alert format: closed, so that a misspelt field is told and not lost.
import { z } from 'zod'
import { jsonValue } from '../../schemas/json-value.ts'
import { overrides } from '../../schemas/overrides.ts'
import {
  digest,
  draftAlert,
  issuesOf,
  labelText,
  maxRecordChars,
  momentOf,
  type NormalisedEntry,
} from './alert-draft.ts'
import { severityOf, severityWords } from './severity.ts'

const severity = z.string().transform((word, context) => {
  const known = severityOf(word)
  if (known === null) context.addIssue({ code: 'custom', message: `must be one of ${severityWords.join(', ')}` })
  return known ?? 'warning'
})

const texts = z
  .record(z.string().min(1).max(200), z.string().max(8000))
  .refine((value) => Object.keys(value).length <= 100, 'at most 100 entries')
  .refine((value) => JSON.stringify(value).length <= maxRecordChars, `at most ${maxRecordChars} characters in all`)

const moment = z.iso.datetime({ offset: true })

export const genericAlert = z
  .strictObject({
    title: z.string().trim().min(1).max(500),
    description: z.string().max(16_000).optional(),
    severity: severity.default('warning'),
    /** The sender's own identity of the problem; absent means title and labels. */
    fingerprint: z.string().min(1).max(500).optional(),
    labels: texts.optional(),
    annotations: texts.optional(),
    service: z.string().max(500).optional(),
    environment: z.string().max(200).optional(),
    alertType: z.string().max(200).optional(),
    status: z.enum(['firing', 'resolved']).default('firing'),
    startsAt: moment.optional(),
    endsAt: moment.optional(),
    runbookUrl: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional(),
    chain: z.string().min(1).max(100).optional(),
    /** For the session of this alert alone. */
    overrides: overrides.optional(),
    /** Anything more: shown to the agent. */
    payload: jsonValue.optional(),
  })
  .meta({ id: 'Alert' })

export const normaliseGeneric = (
  input: unknown,
  occurrence: { readonly key: string; readonly receivedAt: string },
  source: 'generic' | 'cloudevents' = 'generic',
): NormalisedEntry => {
  const parsed = genericAlert.safeParse(input)
  if (!parsed.success) return { kind: 'invalid', issues: issuesOf(parsed.error.issues) }
  const { payload, fingerprint, startsAt, endsAt, ...fields } = parsed.data
  return draftAlert(
    {
      ...fields,
      source,
      fingerprint: fingerprint ?? digest('generic', fields.title, labelText(fields.labels ?? {})),
      startsAt: momentOf(startsAt) ?? occurrence.receivedAt,
      endsAt: momentOf(endsAt),
    },
    { ...occurrence, body: payload ?? jsonValue.parse(input) },
  )
}
