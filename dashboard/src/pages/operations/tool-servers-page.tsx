// The tool servers as the process that answers knows them: there or not, what they offer, what of it has changed.
import { Accordion, Alert, Badge, Code, Group, List, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../api/client.ts'
import { problemOf } from '../../api/patience.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { PartTitle } from './part-title.tsx'

const everyMs = 5_000

const readServers = () => answerOf(api.GET('/v1/tools'))

export const ToolServersPage = () => {
  const answer = useQuery({
    queryKey: ['tools'],
    queryFn: readServers,
    refetchInterval: everyMs,
  })
  const { data } = answer
  return (
    <Stack gap="sm">
      <PartTitle of="Tool servers" />
      <ProblemAlert error={problemOf(answer)} />
      {data?.items.length === 0 && (
        <EmptyState what="None is configured. Entries of mcp-servers.yaml in CASEBOOK_CONFIG_DIR come here." />
      )}
      <Accordion variant="separated" multiple>
        {data?.items.map((server) => (
          <Accordion.Item key={server.server} value={server.server}>
            <Accordion.Control>
              <Group gap="xs">
                <Text fw={600}>{server.server}</Text>
                <StatusBadge status={server.status} />
                <Text size="sm" c="dimmed">
                  {server.tools === undefined ? 'not listed yet' : `${server.tools.length} tools`}
                  {server.executions > 0 &&
                    `, ${server.executions} ${server.executions === 1 ? 'agent uses' : 'agents use'} it`}
                </Text>
                {(server.drift?.length ?? 0) > 0 && (
                  <Badge color="orange" variant="light" tt="none">
                    {server.drift?.length} changed
                  </Badge>
                )}
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <Server server={server} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Stack>
  )
}

interface ServerProps {
  readonly server: Awaited<ReturnType<typeof readServers>>['items'][number]
}

const Server = ({ server: { status, reason, since, checkedAt, revision, tools = [], drift = [] } }: ServerProps) => (
  <Stack gap="xs">
    <Text size="sm">
      {status === 'unknown' ? 'Not used since this process began.' : `It is ${status}`}
      {since !== undefined && (
        <>
          {' since '}
          <Moment at={since} />
        </>
      )}
      {checkedAt !== undefined && (
        <>
          , asked <Moment at={checkedAt} />
        </>
      )}
      {revision !== undefined && `, speaks MCP ${revision}`}
    </Text>
    {reason !== undefined && <Alert color="red">{reason}</Alert>}
    {drift.length > 0 && (
      <Alert color="orange" title="What it changed while agents could use it">
        <List size="sm">
          {drift.map(({ at, tool, what, fields }) => (
            <List.Item key={`${at} ${tool} ${what}`}>
              {tool}: {what}
              {fields.length > 0 && ` (${fields.join(', ')})`}, <Moment at={at} />
            </List.Item>
          ))}
        </List>
      </Alert>
    )}
    {tools.map(({ tool, description, effect, inputSchema }) => (
      <details key={tool}>
        <summary>
          {tool} <Code>{effect.replaceAll('_', ' ')}</Code>
        </summary>
        <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
          {description}
        </Text>
        <Code block>{JSON.stringify(inputSchema, null, 2)}</Code>
      </details>
    ))}
  </Stack>
)
