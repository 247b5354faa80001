// An end to all sessions of a filter, asked with the number that was shown.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api } from '../../api/client.ts'
import { problemOf } from '../../api/patience.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { curlOf } from '../../parts/curl.ts'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { filterOf } from './session-filter.ts'
import { underWay } from './session-list.ts'
import type { SessionsSearch } from './sessions-search.ts'

const most = 1000

interface CancelManyProps {
  readonly search: SessionsSearch
  readonly onClose: () => void
}

export const CancelMany = ({ search, onClose }: CancelManyProps) => {
  const [reason, setReason] = useState('')
  const [filter] = useState(() => filterOf(search))
  const asked = filter.status?.split(',')
  const status = underWay.filter((each) => asked?.includes(each) ?? true).join(',')
  const meant = useQuery({
    queryKey: ['cancel-many', filter],
    queryFn: async () => {
      if (status === '') return { total: 0, items: [] }
      const query = { ...filter, status }
      const [{ total }, { items }] = await Promise.all([
        answerOf(api.GET('/v1/sessions/facets', { params: { query } })),
        answerOf(api.GET('/v1/sessions', { params: { query: { ...query, limit: 5 } } })),
      ])
      return { total, items }
    },
    gcTime: 0,
    refetchOnMount: 'always',
  })
  const count = meant.data?.total ?? 0
  const body = { filter, count, ...(reason.trim() !== '' && { reason: reason.trim() }) }
  const cancel = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/sessions/cancel', { body })),
    onError: () => void meant.refetch(),
  })
  return (
    <Modal opened onClose={onClose} title="Cancel sessions" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="sm">
        {cancel.isSuccess ? (
          <>
            <Text role="status">
              {cancel.data.cancelled} cancelled
              {cancel.data.over > 0 && `, ${cancel.data.over} had ended by themselves`}
              {cancel.data.refused.length > 0 &&
                `, ${cancel.data.refused.length} refused: ${cancel.data.refused[0]?.message}`}
              .
            </Text>
            <Button onClick={onClose}>Close</Button>
          </>
        ) : (
          <>
            <Text>
              {meant.isPending
                ? 'Counting …'
                : count === 0
                  ? 'No session of this filter is under way.'
                  : `${count.toLocaleString('en')} sessions of this filter are under way. Their model and tool calls are aborted.`}
            </Text>
            {count > most && <Text>At most {most} are ended at once: narrow the filter down.</Text>}
            <ul>
              {meant.data?.items.map(({ id, title }) => (
                <li key={id}>
                  <Text size="sm" lineClamp={1}>
                    {title}
                  </Text>
                </li>
              ))}
              {count > 5 && <li>and {(count - 5).toLocaleString('en')} more</li>}
            </ul>
            <TextInput
              label="Reason"
              description="It is kept on the log."
              value={reason}
              onChange={({ currentTarget }) => setReason(currentTarget.value)}
            />
            <ProblemAlert error={cancel.error ?? problemOf(meant)} />
            <Group justify="space-between">
              <CopyButton value={curlOf('/v1/sessions/cancel', body)} label="Copy as curl" />
              <Button
                color="red"
                disabled={count === 0 || count > most || meant.isFetching}
                loading={cancel.isPending}
                onClick={() => cancel.mutate()}
              >
                Cancel {count.toLocaleString('en')} sessions
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Modal>
  )
}
