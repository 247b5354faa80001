// What calls to models cost: of one session, and of an org over days.
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import {
  type CostFigures,
  type CostGrouping,
  type CostLine,
  type Costs,
  dollarsOf,
  type SessionCosts,
  sumOf,
} from '../cost-view.ts'
import { toText } from '../postgres-text.ts'
import type { Tables } from '../tables.ts'

export interface CostFilter {
  readonly org: string
  /** Days in UTC, both counted. */
  readonly from: string
  readonly to: string
  readonly by: CostGrouping
  /** A second name to sum by. */
  readonly split?: CostGrouping | undefined
  readonly chain?: string | undefined
  readonly agent?: string | undefined
  /** `<provider>/<model>`. */
  readonly model?: string | undefined
}

const most = 9_007_199_254_740_991

/** Sums that stay within what a number of JSON holds, whatever endpoints count. */
const figures = sql.raw(
  ['true', 'false']
    .flatMap((priced) => {
      const only = `FILTER (WHERE (cost_micros IS NOT NULL) = ${priced})`
      const name = priced === 'true' ? 'priced' : 'unpriced'
      return [
        `count(*) ${only} AS ${name}_replies`,
        ...['input', 'output'].map(
          (each) => `LEAST(COALESCE(sum(${each}_tokens) ${only}, 0), ${most})::int8 AS ${name}_${each}`,
        ),
      ]
    })
    .concat(`LEAST(COALESCE(sum(cost_micros), 0), ${most})::int8 AS usd_micros`)
    .join(', '),
)

/** Each call with the names it is summed by. */
const namedIn = (schema: string) =>
  sql.raw(`
  ${schema}.costs AS costs
  LEFT JOIN ${schema}.cost_sessions AS cost_sessions USING (org, session_id)
  LEFT JOIN ${schema}.cost_executions AS cost_executions USING (org, session_id, execution_id)
  LEFT JOIN ${schema}.cost_stages AS cost_stages USING (org, session_id, stage_id)`)
const agent = `COALESCE(cost_executions.agent, CASE WHEN costs.execution_id IS NULL THEN summary_agent ELSE chat_agent END, '')`
const stage = `COALESCE(cost_stages.name, CASE WHEN costs.execution_id IS NULL THEN 'summary' ELSE 'chat' END)`
const model = `provider || '/' || model`

const row = z.object({
  priced_replies: z.int(),
  priced_input: z.int(),
  priced_output: z.int(),
  unpriced_replies: z.int(),
  unpriced_input: z.int(),
  unpriced_output: z.int(),
  usd_micros: z.int(),
})
const keyedRow = row.extend({ key: z.string(), split: z.string().nullable() })
const sessionRow = row.extend({ stage: z.string(), agent: z.string(), helper: z.boolean(), model: z.string() })

const figuresOf = (each: z.infer<typeof row>): CostFigures => ({
  priced: {
    replies: each.priced_replies,
    inputTokens: each.priced_input,
    outputTokens: each.priced_output,
    usdMicros: each.usd_micros,
    usd: each.priced_replies === 0 ? null : dollarsOf(each.usd_micros),
  },
  unpriced: { replies: each.unpriced_replies, inputTokens: each.unpriced_input, outputTokens: each.unpriced_output },
})

export const getSessionCosts = async (
  db: Kysely<Tables>,
  schema: string,
  org: string,
  sessionId: string,
): Promise<SessionCosts> => {
  const { rows } = await sql`
    SELECT ${sql.raw(stage)} AS stage, ${sql.raw(agent)} AS agent, parent_id IS NOT NULL AS helper,
      ${sql.raw(model)} AS model, ${figures}
    FROM ${namedIn(schema)} WHERE org = ${org} AND session_id = ${toText(sessionId)}
    GROUP BY 1, 2, 3, 4 ORDER BY min(sequence), 1, 2, 3, 4`.execute(db)
  const all = rows.map((each) => sessionRow.parse(each)).map((each) => ({ ...each, ...figuresOf(each) }))
  type Each = (typeof all)[number]
  const by = (of: readonly Each[], key: (each: Each) => string): CostLine[] =>
    [...new Set(of.map(key))].map((name) => ({ key: name, ...sumOf(of.filter((each) => key(each) === name)) }))
  return {
    sessionId,
    total: sumOf(all),
    byStage: by(all, (each) => each.stage),
    byAgent: by(
      all.filter(({ helper }) => !helper),
      (each) => each.agent,
    ),
    byHelper: by(
      all.filter(({ helper }) => helper),
      (each) => each.agent,
    ),
    byModel: by(all, (each) => each.model),
  }
}

const keys: Readonly<Record<CostGrouping, string>> = {
  day: `to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
  org: 'org',
  chain: `COALESCE(chain, '')`,
  agent,
  model,
}

/** Days in their order, anything else the dearest first. */
export const listCosts = async (db: Kysely<Tables>, schema: string, filter: CostFilter): Promise<Costs> => {
  const { org, from, to, by, split } = filter
  const only = (['chain', 'agent', 'model'] as const).flatMap((name) =>
    filter[name] === undefined ? [] : [sql`AND ${sql.raw(keys[name])} = ${toText(filter[name])}`],
  )
  const { rows } = await sql`
    SELECT ${sql.raw(keys[by])} AS key, ${sql.raw(split === undefined ? 'NULL::text' : keys[split])} AS split, ${figures}
    FROM ${namedIn(schema)}
    WHERE org = ${org} AND at >= ${from}::date AT TIME ZONE 'UTC' AND at < (${to}::date + 1) AT TIME ZONE 'UTC' ${sql.join(only, sql` `)}
    GROUP BY 1, 2
    ORDER BY ${sql.raw(by === 'day' ? '1, 2' : 'usd_micros DESC, unpriced_replies DESC, 1, 2')} LIMIT 1000`.execute(db)
  const items = rows
    .map((each) => keyedRow.parse(each))
    .map((each) => ({
      key: each.key,
      ...(each.split !== null && { split: each.split }),
      ...figuresOf(each),
    }))
  return { from, to, by, total: sumOf(items), items }
}
