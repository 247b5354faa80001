// The filters of alerts as a query writes them, for the list and its facets.
import { z } from 'zod'
import type { AlertFilter } from '../../projections/queries/alert-filter.ts'
import { alertSeverity, alertSource } from '../../schemas/alert.ts'
import { anyOf, labelsOf, labelsQuery, spanOf, spanQuery } from './shapes.ts'

export const alertFilterQuery = {
  id: anyOf(z.string().max(100)).describe('These and no other, separated by commas.'),
  status: z.enum(['firing', 'resolved']).optional(),
  severity: anyOf(alertSeverity).describe('One or several, separated by commas.'),
  source: anyOf(alertSource).describe('One or several, separated by commas.'),
  session_status: anyOf(z.string().max(40)).describe('Of the session that looks into it.'),
  label: labelsQuery,
  text: z.string().min(1).max(500).optional(),
  came: z
    .enum(['opened', 'joined', 'resolved'])
    .optional()
    .describe('What came of it when it was heard of, between `from` and `to` where they are given.'),
  ...spanQuery,
}

type AlertFilterQuery = Readonly<z.infer<z.ZodObject<typeof alertFilterQuery>>>

export const alertFilterOf = (
  org: string,
  { id, label, from, to, session_status, ...filter }: AlertFilterQuery,
): AlertFilter => ({
  ...filter,
  org,
  ...(id !== undefined && { ids: id }),
  ...(session_status !== undefined && { sessionStatus: session_status }),
  ...(label !== undefined && { labels: labelsOf(label) }),
  ...spanOf({ from, to }),
})
