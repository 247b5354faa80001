// What deciding a session again came to: the same events, or the first that differs.
import { Alert, Code, Stack, Text } from '@mantine/core'
import type { components } from '../../api/schema.d.ts'
import { AnchorLink } from '../../parts/anchor-link.tsx'
import classes from './session-page.module.css'

type Report = components['schemas']['ReplayReport']

interface ReplayReportProps {
  readonly sessionId: string
  readonly report: Report
}

export const ReplayReport = ({ sessionId, report }: ReplayReportProps) => {
  if (report.kind === 'same')
    return (
      <Alert color="green" title="The same events" role="status">
        {`${report.events} ${report.events === 1 ? 'event' : 'events'} of ${report.commits} commits were decided as they stand in the log.`}
      </Alert>
    )
  const { version, reason, command, expected, got } = report
  return (
    <Alert color="red" title={`It differs first at version ${version}`} role="status">
      <Stack gap="xs">
        <Text size="sm">
          {reason} {command !== null && `The command was ${command}.`}
        </Text>
        <AnchorLink
          to="/sessions/$id/events"
          params={{ id: sessionId }}
          search={{ at: version }}
          size="sm"
          c="inherit"
          underline="always"
        >
          {`The event log at version ${version}`}
        </AnchorLink>
        <Stood label="In the log" of={expected} />
        <Stood label="Decided again" of={got} />
      </Stack>
    </Alert>
  )
}

const Stood = ({ label, of }: { readonly label: string; readonly of: { readonly type: string } | null }) => (
  <div>
    <Text size="xs" fw={600}>
      {`${label}: ${of?.type ?? 'nothing'}`}
    </Text>
    {of !== null && (
      <Code block className={classes.text} tabIndex={0} role="region" aria-label={label}>
        {JSON.stringify(of, null, 2)}
      </Code>
    )}
  </div>
)
