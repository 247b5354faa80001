// Stages, their agents and the helpers these call on: who is at work, in which cycle, and for how much.
import { ActionIcon, Menu, Stack, Text, Tooltip, UnstyledButton } from '@mantine/core'
import { memo } from 'react'
import type { SessionView } from '../../../../projections/session-view.ts'
import { stageId } from '../../../../schemas/ids.ts'
import { answerOf, api } from '../../api/client.ts'
import { costText } from '../../parts/cost.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import type { Ending } from './ask-reason.tsx'
import { type Board, cycleOf } from './board.ts'
import type { Card } from './cards.ts'
import classes from './session-page.module.css'
import { tell } from './tell.ts'

interface StageTreeProps {
  readonly view: SessionView
  readonly board: Board
  /** Shows the first card of a kind in the story. */
  readonly show: (wanted: (card: Card) => boolean) => void
  readonly onEnd: (ending: Ending) => void
}

type Execution = SessionView['executions'][number]

export const StageTree = memo(({ view, board, show, onEnd }: StageTreeProps) => {
  const helpersOf = (id: string): readonly Execution[] => view.helpers.filter(({ parentId }) => parentId === id)
  const branch = (execution: Execution, kind: 'agent' | 'helper') => (
    <li key={execution.id}>
      <Agent view={view} execution={execution} kind={kind} show={show} onEnd={onEnd} />
      {helpersOf(execution.id).length > 0 && (
        <ul aria-label={`Helpers of ${execution.agent}`}>
          {helpersOf(execution.id).map((each) => branch(each, 'helper'))}
        </ul>
      )}
    </li>
  )
  return (
    <Stack gap={4} component="nav" aria-label="Stages and agents">
      <Text size="xs" c="dimmed" fw={600}>
        {view.currentStage === null
          ? `${view.stages.length} ${view.stages.length === 1 ? 'stage' : 'stages'}`
          : `Stage ${view.currentStage.number} of ${view.currentStage.of}`}
      </Text>
      <ul className={classes.tree}>
        {view.stages.map((stage) => {
          const cycle = cycleOf(board, stageId.parse(stage.id))
          return (
            <li key={stage.id}>
              <div className={classes.branch}>
                <UnstyledButton
                  className={classes.branchName}
                  onClick={() => show((card) => card.kind === 'stage' && card.stage.stageId === stage.id)}
                >
                  <Text size="sm" fw={600} lineClamp={2}>
                    {stage.name}
                  </Text>
                  {(cycle !== null || (stage.attempt ?? 1) > 1) && (
                    <Text size="xs" c="dimmed">
                      {cycle !== null && `Review cycle ${cycle.cycle} of ${cycle.of}`}
                      {(stage.attempt ?? 1) > 1 && ` attempt ${stage.attempt}`}
                    </Text>
                  )}
                </UnstyledButton>
                <StatusBadge status={stage.status} size="xs" />
              </div>
              <ul aria-label={`Agents of ${stage.name}`}>
                {view.executions.filter((each) => each.stageId === stage.id).map((each) => branch(each, 'agent'))}
              </ul>
            </li>
          )
        })}
        {Object.entries(board.answers).map(([id, agent], index) => (
          <li key={id}>
            <div className={classes.branch}>
              <UnstyledButton
                className={classes.branchName}
                onClick={() => show((card) => card.kind === 'question' && card.question.executionId === id)}
              >
                <Text size="xs" lineClamp={1}>{`Question ${index + 1} · ${agent}`}</Text>
              </UnstyledButton>
              {view.chat.answering === id && <StatusBadge status="answering" size="xs" />}
            </div>
            {helpersOf(id).length > 0 && <ul>{helpersOf(id).map((each) => branch(each, 'helper'))}</ul>}
          </li>
        ))}
      </ul>
    </Stack>
  )
})

interface AgentProps extends Pick<StageTreeProps, 'view' | 'show' | 'onEnd'> {
  readonly execution: Execution
  readonly kind: 'agent' | 'helper'
}

const Agent = ({ view, execution, kind, show, onEnd }: AgentProps) => {
  const { id, agent, status, turns, cost, provider, model, usage } = execution
  const end = (): void =>
    onEnd({
      title: `End ${agent}`,
      what: 'Its calls are aborted; its stage goes on by the policy it has.',
      button: `End ${agent}`,
      go: (reason) =>
        tell(
          'Not ended',
          answerOf(
            api.POST('/v1/sessions/{id}/executions/{executionId}/cancel', {
              params: { path: { id: view.id, executionId: id } },
              body: { reason },
            }),
          ),
        ),
    })
  return (
    <div className={classes.branch}>
      <Tooltip
        label={`${provider}/${model} · ${usage.inputTokens} tokens in, ${usage.outputTokens} out`}
        openDelay={400}
        withArrow
      >
        <UnstyledButton className={classes.branchName} onClick={() => show((card) => isOf(card, id))}>
          <Text size="xs" lineClamp={1}>
            {kind === 'helper' ? `Helper ${agent}` : agent}
          </Text>
          <Text size="xs" c="dimmed">
            {turns > 0 && `${turns} ${turns === 1 ? 'turn' : 'turns'} · ${costText(cost)}`}
          </Text>
        </UnstyledButton>
      </Tooltip>
      <StatusBadge status={status} size="xs" />
      {status === 'running' && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="xs" aria-label={`More about ${agent}`}>
              ⋯
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item c="red" onClick={end}>{`End ${agent} …`}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  )
}

const isOf = (card: Card, id: string): boolean => {
  switch (card.kind) {
    case 'reply':
      return card.reply.executionId === id
    case 'tool':
      return card.request.executionId === id
    case 'concluded':
      return card.ended.executionId === id
    default:
      return false
  }
}
