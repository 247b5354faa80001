// Runs of evaluation cases as the API serves them, the latest first.
import { type Kysely, sql } from 'kysely'
import { type EvaluationView, evaluationView } from '../evaluations.ts'
import { toText } from '../postgres-text.ts'
import type { Tables } from '../tables.ts'
import { decodeCursor, type Page, pageOf, sequenceCursor } from './cursor.ts'

export interface EvaluationFilter {
  readonly org: string
  readonly case?: string | undefined
  readonly tag?: string | undefined
  readonly passed?: boolean | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

export const listEvaluations = async (db: Kysely<Tables>, filter: EvaluationFilter): Promise<Page<EvaluationView>> => {
  let query = db.selectFrom('evaluations').select(['sequence', 'document']).where('org', '=', filter.org)
  if (filter.case !== undefined) query = query.where('case_id', '=', toText(filter.case))
  if (filter.tag !== undefined) query = query.where(sql<boolean>`${toText(filter.tag)} = ANY(tags)`)
  if (filter.passed !== undefined) query = query.where('passed', '=', filter.passed)
  if (filter.cursor !== undefined) {
    const [sequence] = decodeCursor(filter.cursor, sequenceCursor)
    query = query.where('sequence', '<', sequence)
  }
  const rows = await query
    .orderBy('sequence', 'desc')
    .limit(filter.limit + 1)
    .execute()
  return pageOf(
    rows,
    filter.limit,
    ({ document }) => evaluationView.parse(document),
    ({ sequence }) => [sequence],
  )
}
