// The configuration in force: each value of a chain with the layer that decided it, and the versions that were.
import { Alert, Badge, Code, List, NativeSelect, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { answerOf, api } from '../../api/client.ts'
import { problemOf } from '../../api/patience.ts'
import type { components } from '../../api/schema.d.ts'
import { Moment } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { PartTitle } from './part-title.tsx'
import { WideTable } from './wide-table.tsx'

const route = getRouteApi('/operations/configuration')

export const ConfigurationPage = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const answer = useQuery({
    queryKey: ['configuration'],
    queryFn: () => answerOf(api.GET('/v1/configuration')),
  })
  const { data } = answer
  const chain = search.chain ?? data?.defaultChain
  return (
    <Stack gap="sm">
      <PartTitle of="Configuration" />
      <ProblemAlert error={problemOf(answer)} />
      {data !== undefined && (
        <>
          <Text size="sm">
            Version <Code>{data.hash.slice(0, 12)}</Code>, loaded <Moment at={data.loadedAt} />
          </Text>
          {data.warnings.map(({ file, line, path, message }) => (
            <Alert key={`${file} ${line} ${path}`} color="orange" title={path}>
              {message} ({file}:{line})
            </Alert>
          ))}
          <NativeSelect
            size="xs"
            label="Chain"
            w={220}
            value={chain}
            data={data.chains}
            onChange={({ currentTarget: { value } }) => void navigate({ search: { chain: value } })}
          />
        </>
      )}
      {chain !== undefined && <Explained chain={chain} />}
      {data !== undefined && <Versions versions={data.versions} inForce={data.hash} />}
    </Stack>
  )
}

interface ExplainedProps {
  readonly chain: string
}

const Explained = ({ chain }: ExplainedProps) => {
  const answer = useQuery({
    queryKey: ['configuration', chain],
    queryFn: () => answerOf(api.GET('/v1/configuration/chains/{chain}', { params: { path: { chain } } })),
  })
  const { data } = answer
  return (
    <>
      <ProblemAlert error={problemOf(answer)} />
      {data?.parts.map(({ title, fields }) => {
        const set = fields.filter(({ value }) => value !== null)
        return (
          <section key={title} aria-label={title}>
            <Title order={3} size="h6">
              {title}
            </Title>
            <WideTable label={title} heads={['Field', 'Value', 'Layer', 'From']}>
              {set.map(({ field, value, layer, from }) => (
                <Table.Tr key={field}>
                  <Table.Td>{field}</Table.Td>
                  <Table.Td>
                    <Value value={value} />
                  </Table.Td>
                  <Table.Td>
                    <Badge
                      size="sm"
                      variant="light"
                      color={layer === 'built-in' ? 'gray' : 'blue'}
                      tt="none"
                      styles={{ label: { overflow: 'visible' } }}
                    >
                      {layer}
                    </Badge>
                  </Table.Td>
                  <Table.Td>
                    <Text size="xs" c="dimmed">
                      {from}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </WideTable>
          </section>
        )
      })}
    </>
  )
}

const short = 120

interface ValueProps {
  readonly value: unknown
}

const Value = ({ value }: ValueProps) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (text.length <= short) return <Code>{text === '' ? '(empty)' : text}</Code>
  return (
    <details>
      <summary>{text.slice(0, short)} …</summary>
      <Code block>{text}</Code>
    </details>
  )
}

interface VersionsProps {
  readonly versions: readonly components['schemas']['ConfigurationVersion'][]
  readonly inForce: string
}

const Versions = ({ versions, inForce }: VersionsProps) => (
  <section aria-label="Versions">
    <Title order={3} size="h6">
      Versions
    </Title>
    <WideTable label="Versions" heads={['Version', 'Loaded', 'What changed']}>
      {versions.map(({ hash, loadedAt, changes, sequence }) => (
        <Table.Tr key={sequence}>
          <Table.Td>
            <Code>{hash.slice(0, 12)}</Code>
            {hash === inForce && ' in force'}
          </Table.Td>
          <Table.Td>
            <Moment at={loadedAt} />
          </Table.Td>
          <Table.Td>
            {changes.length > 12 ? (
              `${changes.length} entries`
            ) : (
              <List size="sm">
                {changes.map(({ entry, what }) => (
                  <List.Item key={entry}>
                    {entry} {what}
                  </List.Item>
                ))}
              </List>
            )}
          </Table.Td>
        </Table.Tr>
      ))}
    </WideTable>
  </section>
)
