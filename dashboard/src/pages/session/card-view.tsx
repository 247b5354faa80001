// One card of the story.
import { Text } from '@mantine/core'
import { memo, useMemo } from 'react'
import { AnchorLink } from '../../parts/anchor-link.tsx'
import { ModelText } from '../../parts/model-text.tsx'
import { CardFrame } from './card-frame.tsx'
import type { Card } from './cards.ts'
import { Findings } from './findings.tsx'
import { LongText } from './long-text.tsx'
import { ReplyCard } from './reply-card.tsx'
import { StoryActionsContext, useStoryActions } from './story-actions.ts'
import { ToolCardView } from './tool-card-view.tsx'

interface CardViewProps {
  readonly card: Card
  readonly progress: string
}

export const CardView = memo(({ card, progress }: CardViewProps) => {
  const actions = useStoryActions()
  const { inheritedFrom } = card
  // Its texts are read where it happened, and nothing goes on from it here.
  const inherited = useMemo(
    () => inheritedFrom && { ...actions, inheritedFrom, sessionId: inheritedFrom },
    [actions, inheritedFrom],
  )
  const view = <CardOfKind card={card} progress={progress} />
  return inherited ? <StoryActionsContext value={inherited}>{view}</StoryActionsContext> : view
})

const CardOfKind = ({ card, progress }: CardViewProps) => {
  const { agentOf, stageOf, sessionId } = useStoryActions()
  const { at, version, key } = card
  const fork = { version }
  switch (card.kind) {
    case 'started':
      return (
        <CardFrame who="Session started" at={at}>
          <LongText sessionId={sessionId} name={key} label="Input" text={card.started.input} />
        </CardFrame>
      )
    case 'forked': {
      const { from, kind, changes } = card.forked
      return (
        <CardFrame who={kind === 'fork' ? 'Forked' : 'Replay'} what={`from version ${from.at}`} at={at}>
          <Text size="sm">
            What stands above happened in <SessionLink id={from.sessionId} />, and is shared with it.
          </Text>
          <LongText
            sessionId={sessionId}
            name={key}
            label="Changes"
            text={{ text: Object.keys(changes).length === 0 ? '' : JSON.stringify(changes, null, 2) }}
          />
        </CardFrame>
      )
    }
    case 'stage': {
      const { name, index, total } = card.stage
      return <CardFrame who={`Stage ${index + 1} of ${total}: ${name}`} at={at} fork={fork} />
    }
    case 'stage_ended':
      return (
        <CardFrame
          who={stageOf(card.stage.stageId)}
          what={`stage ${card.stage.status}`}
          at={at}
          tone={toneOf(card.stage.status)}
          fork={fork}
        />
      )
    case 'reply':
      return <ReplyCard reply={card.reply} at={at} version={version} name={key} />
    case 'tool':
      return <ToolCardView card={card} progress={progress} />
    case 'refused': {
      const { executionId, name, code, message } = card.refusal
      return (
        <CardFrame
          who={agentOf(executionId)}
          what={`${name} refused: ${code.replaceAll('_', ' ')}`}
          at={at}
          tone="bad"
          fork={fork}
        >
          <Text size="sm">{message}</Text>
        </CardFrame>
      )
    }
    case 'message': {
      const { from, to, text } = card.message
      const who = from.kind === 'person' ? from.actor.id : from.name
      const whom = to.kind === 'agent' ? to.name : agentOf(to.executionId)
      return (
        <CardFrame who={who} what={`to ${whom}`} at={at} tone={from.kind === 'person' ? 'person' : 'plain'} fork={fork}>
          <ModelText text={text.text} />
        </CardFrame>
      )
    }
    case 'helper': {
      const { parentId, agent, task } = card.helper
      return (
        <CardFrame who={agentOf(parentId)} what={`calls on helper ${agent}`} at={at} fork={fork}>
          <ModelText text={task} />
        </CardFrame>
      )
    }
    case 'child': {
      const { childId, title, why } = card.child
      return (
        <CardFrame who="A session of its own" what={title} at={at} fork={fork}>
          <Text size="sm">
            {why} <SessionLink id={childId} />
          </Text>
        </CardFrame>
      )
    }
    case 'concluded': {
      const { executionId, status, cause, forced, ...conclusion } = card.ended
      return (
        <CardFrame
          who={agentOf(executionId)}
          what={`${status === 'completed' ? 'concluded' : status}${forced === true ? ', as its turns were used up' : ''}`}
          at={at}
          tone={toneOf(status)}
          fork={fork}
        >
          {cause !== undefined && <Text size="sm">{`${cause.message} ${cause.nextStep}`}</Text>}
          <Findings {...conclusion} />
        </CardFrame>
      )
    }
    case 'analysis': {
      const { text, ...conclusion } = card.analysis
      return (
        <CardFrame who="Final analysis" at={at} tone="good">
          <Findings {...conclusion} />
          <LongText sessionId={sessionId} name={key} label="Text" text={text} />
        </CardFrame>
      )
    }
    case 'question':
      return (
        <CardFrame who={card.question.by.id} what="asks" at={at} tone="person">
          <ModelText text={card.question.text.text} />
        </CardFrame>
      )
    case 'note':
      return (
        <CardFrame who={card.title} at={at} tone={card.tone} fork={fork}>
          {card.text !== '' && <ModelText text={card.text} />}
        </CardFrame>
      )
    default:
      return card satisfies never
  }
}

const toneOf = (status: string): 'plain' | 'good' | 'bad' =>
  status === 'completed' ? 'good' : status === 'failed' ? 'bad' : 'plain'

const SessionLink = ({ id }: { readonly id: string }) => (
  <AnchorLink to="/sessions/$id" params={{ id }} size="sm">
    {id}
  </AnchorLink>
)
