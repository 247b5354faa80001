// One row per call to a model, with what it used and cost; beside them the names of chains, stages and agents to sum them by.
import { modelUseOf } from '../domain/ledger/model-use.ts'
import type { PlannedStage } from '../schemas/session-plan.ts'
import { addRows } from './add-rows.ts'
import type { Copy, Sql } from './database.ts'
import { toTimestamp } from './postgres-text.ts'
import { type EventAt, historiesOf, type Projection } from './projection.ts'

export const costsProjection: Projection = {
  name: 'costs',
  version: 1,
  tableNames: ['costs', 'cost_sessions', 'cost_stages', 'cost_executions'],
  sessionColumn: {
    costs: 'session_id',
    cost_sessions: 'session_id',
    cost_stages: 'session_id',
    cost_executions: 'session_id',
  },
  tables: `
    CREATE TABLE IF NOT EXISTS costs (
      org text NOT NULL,
      session_id text NOT NULL,
      sequence int8 NOT NULL,
      index int8 NOT NULL,
      at timestamptz NOT NULL,
      execution_id text,
      provider text NOT NULL,
      model text NOT NULL,
      input_tokens int8 NOT NULL,
      output_tokens int8 NOT NULL,
      cost_micros int8,
      PRIMARY KEY (org, session_id, sequence, index)
    );
    CREATE TABLE IF NOT EXISTS cost_sessions (
      org text NOT NULL,
      session_id text NOT NULL,
      chain text NOT NULL,
      summary_agent text NOT NULL,
      chat_agent text,
      PRIMARY KEY (org, session_id)
    );
    CREATE TABLE IF NOT EXISTS cost_stages (
      org text NOT NULL,
      session_id text NOT NULL,
      stage_id text NOT NULL,
      name text NOT NULL,
      PRIMARY KEY (org, session_id, stage_id)
    );
    CREATE TABLE IF NOT EXISTS cost_executions (
      org text NOT NULL,
      session_id text NOT NULL,
      execution_id text NOT NULL,
      stage_id text,
      agent text,
      parent_id text,
      PRIMARY KEY (org, session_id, execution_id)
    );`,
  indexes: `
    CREATE INDEX IF NOT EXISTS costs_by_time ON costs (org, at);`,
  apply: async (sql, entries, copy) => {
    const rows = historiesOf(entries, 'session').map(rowsOf)
    await insert(sql, 'cost_sessions', { chain: 'text', summary_agent: 'text', chat_agent: 'text' }, rows)
    await insert(sql, 'cost_stages', { stage_id: 'text', name: 'text' }, rows)
    await insert(
      sql,
      'cost_executions',
      { execution_id: 'text', stage_id: 'text', agent: 'text', parent_id: 'text' },
      rows,
    )
    // One row for an event, which is there once; names may be told again.
    await insert(sql, 'costs', columnsOfCosts, rows, copy)
  },
}

const columnsOfCosts = {
  sequence: 'int8',
  index: 'int8',
  at: 'timestamptz',
  execution_id: 'text',
  provider: 'text',
  model: 'text',
  input_tokens: 'int8',
  output_tokens: 'int8',
  cost_micros: 'int8',
} as const

type Row = Readonly<Record<string, string | number | null>>
type Table = 'costs' | 'cost_sessions' | 'cost_stages' | 'cost_executions'
type Rows = Readonly<Partial<Record<Table, readonly Row[]>>>

const rowsOf = ({ entry, event, index }: EventAt): Rows => {
  const { stream, at } = entry.commit
  const of = { org: stream.org, session_id: stream.id }
  switch (event.type) {
    case 'session.plan_adopted': {
      const { chain, summaryAgent, chatAgent, stages } = event.data
      const session = {
        ...of,
        chain: chain.name,
        summary_agent: summaryAgent.name,
        chat_agent: chatAgent?.name ?? null,
      }
      return { cost_sessions: [session], ...planned(of, stages) }
    }
    case 'session.plan_extended':
      return planned(of, event.data.stages)
    case 'session.helper_dispatched': {
      const { executionId, stageId, agent, parentId } = event.data
      return { cost_executions: [{ ...of, execution_id: executionId, stage_id: stageId, agent, parent_id: parentId }] }
    }
    case 'session.question_asked': {
      const { executionId, agent } = event.data
      const answering = {
        ...of,
        execution_id: executionId,
        stage_id: null,
        agent: agent?.name ?? null,
        parent_id: null,
      }
      return { cost_executions: [answering] }
    }
    default: {
      // What a fork shares was paid for where it happened.
      const use = index < 0 ? null : modelUseOf(event)
      if (use === null) return {}
      const { executionId, by, usage, costMicros = null } = use
      const row = {
        ...of,
        sequence: entry.sequence,
        index,
        at: toTimestamp(at),
        execution_id: executionId,
        provider: by.provider,
        model: by.model,
        input_tokens: usage.inputTokens,
        output_tokens: usage.outputTokens,
        cost_micros: costMicros,
      }
      return { costs: [row] }
    }
  }
}

const planned = (of: Row, stages: readonly PlannedStage[]): Rows => ({
  cost_stages: stages.map(({ stageId, name }) => ({ ...of, stage_id: stageId, name })),
  cost_executions: stages.flatMap(({ stageId, agents }) =>
    agents.map(({ executionId, agent }) => ({
      ...of,
      execution_id: executionId,
      stage_id: stageId,
      agent: agent.name,
      parent_id: null,
    })),
  ),
})

const insert = (
  sql: Sql,
  table: Table,
  columns: Readonly<Record<string, string>>,
  all: readonly Rows[],
  copy?: Copy,
): Promise<void> => {
  const rows = all.flatMap((each) => each[table] ?? [])
  return addRows(sql, table, { org: 'text', session_id: 'text', ...columns }, rows, copy)
}
