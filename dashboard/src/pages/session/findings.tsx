// What a conclusion says as data: whether it settles the question, what is missing, and its findings with what they rest on.
import { Badge, Button, Group, List, Text } from '@mantine/core'
import type { Finding } from '../../../../schemas/conclusion.ts'
import { ModelText } from '../../parts/model-text.tsx'
import { useStoryActions } from './story-actions.ts'

interface FindingsProps {
  readonly outcome?: 'conclusive' | 'inconclusive' | null | undefined
  readonly missing?: string | null | undefined
  readonly findings?: readonly Finding[] | undefined
}

export const Findings = ({ outcome, missing, findings = [] }: FindingsProps) => {
  const { showCall } = useStoryActions()
  return (
    <>
      {outcome != null && (
        <Badge size="sm" variant="dot" tt="none" color={outcome === 'conclusive' ? 'green' : 'orange'}>
          {outcome}
        </Badge>
      )}
      {missing != null && missing !== '' && (
        <Text size="sm">
          <b>Missing:</b> {missing}
        </Text>
      )}
      {findings.length > 0 && (
        <List size="sm" spacing={4} aria-label="Findings" listStyleType="disc">
          {findings.map(({ text, evidence, unsupported }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: findings of one conclusion never change their places.
            <List.Item key={index}>
              <ModelText text={text} />
              <Group gap={4}>
                {evidence.map(({ toolCallId, call, tool, outcome: result }) => (
                  <Button
                    key={toolCallId}
                    size="compact-xs"
                    maw="100%"
                    variant={result === 'succeeded' ? 'outline' : 'default'}
                    title={`Shows the call ${toolCallId} (${result.replaceAll('_', ' ')})`}
                    onClick={() => showCall(toolCallId)}
                  >
                    {`call ${call}: ${tool}${result === 'succeeded' ? '' : ` (${result.replaceAll('_', ' ')})`}`}
                  </Button>
                ))}
                <Text size="xs" c="dimmed">
                  {evidence.length === 0 && 'No evidence. '}
                  {unsupported.length > 0 && `It names call ${unsupported.join(', ')}, which supports nothing.`}
                </Text>
              </Group>
            </List.Item>
          ))}
        </List>
      )}
    </>
  )
}
