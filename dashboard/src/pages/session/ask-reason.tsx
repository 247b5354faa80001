// Asks once more before something ends, with a place for the reason.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'

export interface Ending {
  readonly title: string
  readonly what: string
  readonly button: string
  readonly go: (reason: string) => Promise<unknown>
}

interface AskReasonProps {
  readonly ending: Ending | null
  readonly onClose: () => void
}

export const AskReason = ({ ending, onClose }: AskReasonProps) => {
  const [reason, setReason] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void ending?.go(reason)
    setReason('')
    onClose()
  }
  return (
    <Modal
      opened={ending !== null}
      onClose={onClose}
      title={ending?.title}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">{ending?.what}</Text>
          <TextInput
            label="Reason"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
          />
          <Group justify="end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" color="red">
              {ending?.button}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
