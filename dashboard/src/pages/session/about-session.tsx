// What stands beside the story: the report, the alert, the plan, budgets, tools, costs, and the sessions it belongs with.
import { Code, Group, Stack, Text } from '@mantine/core'
import { memo } from 'react'
import type { SessionView } from '../../../../projections/session-view.ts'
import { AnchorLink } from '../../parts/anchor-link.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { curlOf } from '../../parts/curl.ts'
import { ModelText } from '../../parts/model-text.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Part } from './about-part.tsx'
import classes from './about-session.module.css'
import { BesideSource } from './beside-source.tsx'
import type { Board } from './board.ts'
import { BudgetBars } from './budget-bars.tsx'
import { Findings } from './findings.tsx'
import { Lineage } from './lineage.tsx'
import { PlanGraph } from './plan-graph.tsx'
import { SessionCosts } from './session-costs.tsx'
import { ToolsOffered } from './tools-offered.tsx'

interface AboutSessionProps {
  readonly view: SessionView
  readonly board: Board
  readonly onStage: (stageId: string) => void
}

export const AboutSession = memo(({ view, board, onStage }: AboutSessionProps) => (
  <Stack gap="xs" component="aside" aria-label="About the session">
    {view.summary !== null && (
      <Part title="Summary" opened>
        <ModelText text={view.summary} />
      </Part>
    )}
    {(view.findings.length > 0 || view.outcome !== null) && (
      <Part title="Findings" opened>
        <Findings outcome={view.outcome} missing={view.missing} findings={view.findings} />
      </Part>
    )}
    {view.endedAt !== null && view.status !== 'completed' && view.cause !== null && (
      <Part title="Why it ended" opened>
        <Text size="sm">{`${view.cause.message} ${view.cause.nextStep}`}</Text>
        <Code>{view.cause.code}</Code>
      </Part>
    )}
    <BesideSource view={view} />
    <Part title="Plan" opened>
      <Text size="sm">{view.chain === null ? 'No chain yet' : `Chain ${view.chain}: ${view.chainReason}`}</Text>
      <PlanGraph board={board} onStage={onStage} />
    </Part>
    <Part title="Budgets" opened>
      <BudgetBars view={view} board={board} />
    </Part>
    {board.started?.alert !== undefined && (
      <Part title={`Alert (${board.started.alert.severity})`}>
        <Text size="sm" fw={600}>
          {board.started.alert.title}
        </Text>
        <ModelText text={board.started.alert.description} />
        <Pairs of={{ ...board.started.alert.labels, ...board.started.alert.annotations }} />
        {view.alertId !== null && (
          <AnchorLink to="/alerts/$id" params={{ id: view.alertId }} size="sm">
            The alert as it came
          </AnchorLink>
        )}
      </Part>
    )}
    <ToolsOffered view={view} board={board} />
    <SessionCosts view={view} />
    <Lineage view={view} />
    <Part title="Details">
      <Pairs
        of={{
          id: view.id,
          'asked by': view.startedBy === null ? 'unknown' : `${view.startedBy.kind} ${view.startedBy.id}`,
          tokens: `${view.usage.inputTokens} in, ${view.usage.outputTokens} out`,
          'tool calls': `${view.toolCalls.requested} asked for, ${view.toolCalls.refused} refused`,
          version: String(view.version),
          ...view.labels,
        }}
      />
      <Text size="sm">
        Started <Moment at={view.startedAt} />
        {view.endedAt !== null && (
          <>
            , ended <Moment at={view.endedAt} />
          </>
        )}
      </Text>
      <Group gap="xs">
        <CopyButton value={view.id} label="Copy id" />
        <CopyButton value={curlOf(`/v1/sessions/${view.id}`)} label="Copy as curl" />
      </Group>
    </Part>
  </Stack>
))

const Pairs = ({ of }: { readonly of: Readonly<Record<string, string>> }) => (
  <dl className={classes.pairs}>
    {Object.entries(of).map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)
