// What a person can do to the whole session: pause, resume, cancel, fork, replay.
import { Button, Group } from '@mantine/core'
import type { SessionView } from '../../../../projections/session-view.ts'
import { answerOf, api } from '../../api/client.ts'
import type { Ending } from './ask-reason.tsx'
import { tell } from './tell.ts'

interface SessionControlsProps {
  readonly view: SessionView
  readonly onFork: () => void
  readonly onReplay: () => void
  readonly onEnd: (ending: Ending) => void
}

export const SessionControls = ({ view, onFork, onReplay, onEnd }: SessionControlsProps) => {
  const params = { path: { id: view.id } }
  const running = view.endedAt === null
  const cancel = (): void =>
    onEnd({
      title: 'Cancel the session',
      what: 'Its model and tool calls are aborted. What it has found so far stays.',
      button: 'Cancel the session',
      go: (reason) =>
        tell('Not cancelled', answerOf(api.POST('/v1/sessions/{id}/cancel', { params, body: { reason } }))),
    })
  return (
    <Group gap="xs">
      {running && !view.paused && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => void tell('Not paused', answerOf(api.POST('/v1/sessions/{id}/pause', { params, body: {} })))}
        >
          Pause
        </Button>
      )}
      {running && view.paused && (
        <Button
          size="compact-sm"
          onClick={() =>
            void tell('Not resumed', answerOf(api.POST('/v1/sessions/{id}/resume', { params, body: null })))
          }
        >
          Resume
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={onFork}>
        Fork …
      </Button>
      <Button size="compact-sm" variant="default" onClick={onReplay}>
        Replay …
      </Button>
      {running && (
        <Button size="compact-sm" variant="default" c="red" onClick={cancel}>
          Cancel …
        </Button>
      )}
    </Group>
  )
}
