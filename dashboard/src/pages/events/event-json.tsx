// One event as it lies in the log, with what can be copied of it.
import { Code, Group, Stack } from '@mantine/core'
import { AnchorLink } from '../../parts/anchor-link.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { curlOf } from '../../parts/curl.ts'
import { sessionOf, versionOf } from './event-names.ts'
import type { StoredEvent } from './stored-event.ts'

interface EventJsonProps {
  readonly event: StoredEvent
}

export const EventJson = ({ event }: EventJsonProps) => {
  const session = sessionOf(event)
  const json = JSON.stringify(event, null, 2)
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <CopyButton value={event.id} label="Copy id" />
        <CopyButton value={json} label="Copy JSON" />
        <CopyButton
          value={curlOf(`/v1/events?since=${event.logsequence - 1}&order=asc&limit=1`)}
          label="Copy as curl"
        />
        <AnchorLink to="/events" search={{ correlation: event.correlationid }} size="xs">
          Its correlation
        </AnchorLink>
        {session !== null && (
          <AnchorLink to="/sessions/$id/events" params={{ id: session }} search={{ at: versionOf(event) }} size="xs">
            The session as it was then
          </AnchorLink>
        )}
      </Group>
      <Code block tabIndex={0} aria-label="The event as JSON" role="region" mah="60vh" style={{ overflow: 'auto' }}>
        {json}
      </Code>
    </Stack>
  )
}
