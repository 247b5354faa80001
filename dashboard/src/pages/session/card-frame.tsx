// What every card has: who, what, when, and a menu to go on from there.
import { ActionIcon, Badge, Group, Menu, Text } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { Moment } from '../../parts/moment.tsx'
import classes from './session-page.module.css'
import { type ForkFrom, useStoryActions } from './story-actions.ts'

interface CardFrameProps {
  readonly who: string
  readonly what?: string
  readonly at?: string
  readonly tone?: 'plain' | 'good' | 'bad' | 'ask' | 'live' | 'person'
  readonly simulated?: boolean
  /** Absent: nothing can go on from here. */
  readonly fork?: ForkFrom
  readonly copy?: { readonly label: string; readonly value: string }
  readonly children?: ReactNode
}

export const CardFrame = ({
  who,
  what,
  at,
  tone = 'plain',
  simulated = false,
  fork,
  copy,
  children,
}: CardFrameProps) => {
  const actions = useStoryActions()
  const { inheritedFrom } = actions
  const clipboard = useClipboard()
  return (
    <article
      className={classes.card}
      data-tone={tone}
      data-inherited={inheritedFrom !== undefined}
      aria-label={[who, what].filter(Boolean).join(', ')}
      tabIndex={-1}
    >
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" fw={600} lineClamp={2}>
          {who}
          {what !== undefined && (
            <Text span c="dimmed" fw={400}>
              {` · ${what}`}
            </Text>
          )}
          {simulated && (
            <Badge ml={6} size="xs" variant="outline" tt="none" color="gray">
              simulated
            </Badge>
          )}
        </Text>
        <Group gap={4} wrap="nowrap">
          {inheritedFrom !== undefined && (
            <Badge size="xs" variant="outline" tt="none" color="gray" title={`It happened in ${inheritedFrom}`}>
              inherited
            </Badge>
          )}
          {at !== undefined && (
            <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
              <Moment at={at} />
            </Text>
          )}
          {fork !== undefined && inheritedFrom === undefined && (
            <Menu position="bottom-end" withinPortal>
              <Menu.Target>
                <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`More about ${who}`}>
                  ⋯
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => actions.fork(fork)}>Fork from here …</Menu.Item>
                {copy !== undefined && (
                  <Menu.Item onClick={() => clipboard.copy(copy.value)}>{`Copy ${copy.label}`}</Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
      </Group>
      {children}
    </article>
  )
}
