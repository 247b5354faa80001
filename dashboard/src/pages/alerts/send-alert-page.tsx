// Sends an alert as one of the sources would: to see what comes of it, or because nobody else does.
import { Button, Group, NativeSelect, Stack, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api } from '../../api/client.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { curlOf } from '../../parts/curl.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { type AlertPreset, alertPresets } from './alert-presets.ts'
import { SentAlert } from './sent-alert.tsx'

const textOf = (preset: AlertPreset): string => JSON.stringify(preset.body(new Date().toISOString()), null, 2)

const [first] = alertPresets

export const SendAlertPage = () => {
  const [name, setName] = useState(first?.name ?? '')
  const preset = alertPresets.find((each) => each.name === name)
  const [text, setText] = useState(() => (first === undefined ? '' : textOf(first)))
  const body = bodyOf(text)
  const send = useMutation({
    mutationFn: ({ path, contentType }: AlertPreset) =>
      answerOf(api.POST(path, { body: body as never, headers: { 'content-type': contentType } })),
  })
  if (preset === undefined) return null
  return (
    <Stack gap="sm" maw={820}>
      <PageTitle>Send an alert</PageTitle>
      <NativeSelect
        label="As"
        data={alertPresets.map((each) => each.name)}
        value={name}
        onChange={({ currentTarget: { value } }) => {
          const chosen = alertPresets.find((each) => each.name === value)
          if (chosen === undefined) return
          setName(value)
          setText(textOf(chosen))
          send.reset()
        }}
      />
      <Textarea
        label="Body"
        description={`Sent to ${preset.path} as it stands here.`}
        autosize
        minRows={8}
        maxRows={28}
        spellCheck={false}
        error={body === null ? 'This is no JSON object.' : undefined}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <Group>
        <Button loading={send.isPending} disabled={body === null} onClick={() => send.mutate(preset)}>
          Send
        </Button>
        <CopyButton value={curlOf(preset.path, body ?? {}, preset.contentType)} label="Copy as curl" />
      </Group>
      <ProblemAlert error={send.error} />
      <div role="status">
        {send.data?.results.map((result) => (
          <SentAlert key={result.index} result={result} />
        ))}
        {send.data?.results.length === 0 && <Text>Accepted; there was no alert in it.</Text>}
      </div>
    </Stack>
  )
}

/** Null for what is no object. */
const bodyOf = (text: string): object | null => {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? parsed : null
  } catch {
    return null
  }
}
