// How things stand, at a glance; every number leads to what it counts.
import { Stack, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answerOf, api } from '../../api/client.ts'
import { useOpenInputs, waitingIn } from '../../api/open-inputs.ts'
import { problemOf } from '../../api/patience.ts'
import { curlOf } from '../../parts/curl.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { CostToday } from './cost-today.tsx'
import { durationText } from './duration.ts'
import { Figure } from './figure.tsx'
import { LatestSessions } from './latest-sessions.tsx'
import { Oldest } from './oldest.tsx'
import classes from './overview-page.module.css'
import { PastDay } from './past-day.tsx'

export const OverviewPage = () => {
  const waiting = waitingIn(useOpenInputs())
  const answer = useQuery({
    queryKey: ['overview'],
    queryFn: () => answerOf(api.GET('/v1/overview', {})),
    refetchInterval: 5_000,
    placeholderData: keepPreviousData,
  })
  const { data } = answer
  const isNew = data !== undefined && data.alerts.in === 0 && data.sessions.completed + data.sessions.running === 0
  return (
    <Stack gap="md">
      <PageTitle>Overview</PageTitle>
      <ProblemAlert error={problemOf(answer)} />
      <Section name="Now">
        <Figure label="Running" value={data?.sessions.running}>
          <Link to="/sessions" search={{ status: 'running,summarizing' }} />
        </Figure>
        <Figure label="Waiting for a person" value={waiting} alarming={waiting > 0}>
          <Link to="/inputs" />
        </Figure>
        <Figure label="Queued" value={data?.sessions.queued}>
          <Link to="/sessions" search={{ status: 'queued' }} />
        </Figure>
        <Figure label="Firing alerts" value={data?.alerts.firing}>
          <Link to="/alerts" search={{ status: 'firing' }} />
        </Figure>
        <Oldest intake={data?.intake} />
        <CostToday cost={data?.costToday} />
      </Section>
      <Section name="The last 24 hours">
        <Figure label="Completed" value={data?.sessions.completed}>
          <Link to="/sessions" search={{ status: 'completed', from: '24h' }} />
        </Figure>
        <Figure label="Failed" value={data?.sessions.failed} alarming={(data?.sessions.failed ?? 0) > 0}>
          <Link to="/sessions" search={{ status: 'failed', from: '24h' }} />
        </Figure>
        <Figure label="Alerts in" value={data?.alerts.in}>
          <Link to="/alerts" search={{ from: '24h' }} />
        </Figure>
        <Figure label="Opened a session" value={data?.alerts.opened}>
          <Link to="/alerts" search={{ came: 'opened', from: '24h' }} />
        </Figure>
        <Figure label="Joined a session" value={data?.alerts.joined}>
          <Link to="/alerts" search={{ came: 'joined', from: '24h' }} />
        </Figure>
        <Figure
          label="To the first finding"
          value={durationText(data?.toFirstFinding.medianMs)}
          note={`p95 ${durationText(data?.toFirstFinding.p95Ms)} · ${data?.toFirstFinding.count ?? 0} sessions`}
        >
          <Link to="/sessions" search={{ from: '24h' }} />
        </Figure>
        <Figure
          label="To the end"
          value={durationText(data?.toDone.medianMs)}
          note={`p95 ${durationText(data?.toDone.p95Ms)} · ${data?.toDone.count ?? 0} sessions`}
        >
          <Link to="/sessions" search={{ status: 'completed', from: '24h' }} />
        </Figure>
      </Section>
      {data !== undefined && <PastDay buckets={data.buckets} now={data.now} />}
      {isNew && (
        <EmptyState
          what="Nothing in a day. This alert starts a session:"
          curl={curlOf('/v1/alerts', { title: 'Disk of db-1 is 97 % full', severity: 'critical' })}
        />
      )}
      <LatestSessions />
    </Stack>
  )
}

interface SectionProps {
  readonly name: string
  readonly children: React.ReactNode
}

const Section = ({ name, children }: SectionProps) => (
  <section aria-label={name}>
    <Title order={2} size="h5" mb={6}>
      {name}
    </Title>
    <div className={classes['figures']}>{children}</div>
  </section>
)
