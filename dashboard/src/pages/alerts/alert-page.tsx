// One alert: what is known of it, the session that looks into it, and what its source sent, masked.
import { Badge, Code, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { answerOf, api } from '../../api/client.ts'
import { problemOf } from '../../api/patience.ts'
import { AnchorLink } from '../../parts/anchor-link.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { curlOf } from '../../parts/curl.ts'
import { ModelText } from '../../parts/model-text.tsx'
import { Moment } from '../../parts/moment.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import classes from './alert-page.module.css'

type Alert = Awaited<ReturnType<typeof readAlert>>

const readAlert = (id: string) => answerOf(api.GET('/v1/alerts/{id}', { params: { path: { id } } }))

const route = getRouteApi('/alerts/$id')

export const AlertPage = () => {
  const { id } = route.useParams()
  const answer = useQuery({
    queryKey: ['alert', id],
    queryFn: () => readAlert(id),
    refetchInterval: 5_000,
  })
  const { data } = answer
  const problem = problemOf(answer)
  if (data === undefined) return problem === null ? <Text c="dimmed">Opening …</Text> : <ProblemAlert error={problem} />
  return <AlertDetails of={data} />
}

const AlertDetails = ({ of }: { readonly of: Alert }) => {
  const { id, alert, status, severity, sessionId, sessionStatus } = of
  const { labels, annotations, links, description } = alert
  return (
    <Stack gap="md" maw={900}>
      <Group justify="space-between">
        <Group gap="xs">
          <PageTitle>{of.title}</PageTitle>
          <StatusBadge status={status} />
          <Badge variant="outline" color="gray" tt="none">
            {severity}
          </Badge>
        </Group>
        <Group gap="xs">
          <CopyButton value={id} label="Copy id" />
          <CopyButton value={curlOf(`/v1/alerts/${id}`)} label="Copy as curl" />
        </Group>
      </Group>
      {description !== '' && <ModelText text={description} />}
      <Text>
        {sessionId === null ? (
          'No session looks into it.'
        ) : (
          <>
            <AnchorLink to="/sessions/$id" params={{ id: sessionId }}>
              The session that looks into it
            </AnchorLink>
            {sessionStatus !== null && ` (${sessionStatus})`}
          </>
        )}
      </Text>
      <Box title="Details">
        <Facts
          of={{
            source: of.source,
            fingerprint: of.fingerprint,
            'group key': alert.groupKey,
            type: alert.alertType,
            service: alert.service,
            environment: alert.environment,
            'heard of': `${of.occurrences} ${of.occurrences === 1 ? 'time' : 'times'}, episode ${of.episode}`,
            first: <Moment at={of.firstSeen} />,
            latest: <Moment at={of.lastSeen} />,
            'fires since': <Moment at={alert.startsAt} />,
            ended: alert.endsAt && <Moment at={alert.endsAt} />,
            chain: alert.chain,
            runbook: alert.runbookUrl && <Away to={alert.runbookUrl} />,
            ...Object.fromEntries(links.map(({ rel, href }) => [rel, <Away key={rel} to={href} />])),
          }}
        />
      </Box>
      {Object.keys(labels).length > 0 && (
        <Box title="Labels">
          <Facts of={labels} />
        </Box>
      )}
      {Object.keys(annotations).length > 0 && (
        <Box title="Annotations">
          <Facts of={annotations} />
        </Box>
      )}
      <Box title="As it came">
        <RawBody alert={of} />
      </Box>
    </Stack>
  )
}

const Box = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <Paper withBorder p="sm" component="section" aria-label={title}>
    <Title order={2} size="h5" mb={6}>
      {title}
    </Title>
    {children}
  </Paper>
)

const Facts = ({ of }: { readonly of: Readonly<Record<string, ReactNode>> }) => (
  <dl className={classes.facts}>
    {Object.entries(of)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
)

/** Whoever sends an alert writes its links: only those of the web are followed, and they say where they lead. */
const Away = ({ to }: { readonly to: string }) =>
  /^https?:\/\//.test(to) ? (
    <a href={to} rel="noreferrer noopener" target="_blank">
      {to}
    </a>
  ) : (
    to
  )

const RawBody = ({ alert: { sessionId, alert } }: { readonly alert: Alert }) => {
  const { text = '', blob } = alert.payload ?? {}
  const whole = useQuery({
    queryKey: ['alert-body', sessionId, blob?.sha256],
    queryFn: async () => {
      const path = { id: sessionId ?? '', hash: blob?.sha256 ?? '' }
      return String(await answerOf(api.GET('/v1/sessions/{id}/blobs/{hash}', { params: { path }, parseAs: 'text' })))
    },
    enabled: sessionId !== null && blob !== undefined,
  })
  if (text === '') return <Text size="sm">Its body was not kept.</Text>
  return (
    <>
      <Text size="xs" c="dimmed" mb={4}>
        Secrets in it are masked.
        {blob !== undefined && whole.data === undefined && ' Only its ends are shown.'}
      </Text>
      <Code block className={classes.body} tabIndex={0} role="region" aria-label="The body as it came">
        {whole.data ?? text}
      </Code>
    </>
  )
}
