// The filters of sessions as a query writes them, for the list, its facets and what is done to all of them.
import { z } from 'zod'
import { type SessionFilter, sessionKind } from '../../projections/queries/session-filter.ts'
import { sessionView } from '../../projections/session-view.ts'
import { alertSeverity } from '../../schemas/alert.ts'
import { conclusionOutcome } from '../../schemas/conclusion.ts'
import { anyOf, labelsOf, labelsQuery, spanOf, spanQuery } from './shapes.ts'

export const sessionFilterQuery = {
  id: anyOf(z.string().max(100)).describe('These and no other, separated by commas.'),
  status: anyOf(sessionView.shape.status).describe('One or several, separated by commas.'),
  outcome: conclusionOutcome.optional().describe('What the final analysis says of itself.'),
  kind: anyOf(sessionKind).describe('`investigation`, `fork`, `replay`, or several; without it, replays are left out.'),
  chain: z.string().max(100).optional(),
  severity: anyOf(alertSeverity).describe('Of the alert that started it: one or several, separated by commas.'),
  waiting: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .describe('Whether a person is asked for something.'),
  label: labelsQuery,
  text: z.string().min(1).max(500).optional(),
  alert: z.string().max(100).optional(),
  ...spanQuery,
}

type SessionFilterQuery = Readonly<z.infer<z.ZodObject<typeof sessionFilterQuery>>>

export const sessionFilterOf = (
  org: string,
  { id, label, from, to, alert, kind, ...filter }: SessionFilterQuery,
): SessionFilter => ({
  ...filter,
  org,
  ...(id !== undefined && { ids: id }),
  ...(label !== undefined && { labels: labelsOf(label) }),
  ...(alert !== undefined && { alertId: alert }),
  ...(kind !== undefined && { kinds: kind }),
  ...spanOf({ from, to }),
})
