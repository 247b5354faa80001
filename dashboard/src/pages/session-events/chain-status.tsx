// Whether the session's log is as it was written: the hash that covers all of it, and the check against the second copy.
import { Alert, Button, Code, Group, List, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { answerOf, api } from '../../api/client.ts'
import { ProblemAlert } from '../../parts/problem-alert.tsx'

interface ChainStatusProps {
  readonly id: string
  /** Of the last commit. */
  readonly hash: string
}

export const ChainStatus = ({ id, hash }: ChainStatusProps) => {
  const check = useMutation({
    mutationFn: () => answerOf(api.GET('/v1/audit/verify', { params: { query: { session: id } } })),
  })
  const report = check.data
  return (
    <section aria-label="Hash chain">
      <Group gap="xs">
        <Text size="sm" title="SHA-256 over the hash before it and what it holds: it covers all that came before.">
          Last hash <Code>{hash.slice(0, 16)}…</Code>
        </Text>
        <Button size="compact-xs" variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          Check the chain
        </Button>
        {report?.ok === true && (
          <Text size="sm" role="status">
            ✓ {report.checked} commits: each hash follows from the one before, and the second copy says the same.
          </Text>
        )}
      </Group>
      <ProblemAlert error={check.error} />
      {report?.ok === false && (
        <Alert color="red" title="The log and its copy are not what was written" mt="xs">
          <List size="sm">
            {report.problems.map(({ kind, sequence, detail }) => (
              <List.Item key={`${sequence} ${kind}`}>
                {sequence}: {kind}, {detail}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </section>
  )
}
