// A stored text: as it is when short, folded when long, and whole from the blob store when only its ends are in the event.
import { Button, Code, Group, Text } from '@mantine/core'
import { useState } from 'react'
import type { StoredText } from '../../../../schemas/stored-text.ts'
import { answerOf, api } from '../../api/client.ts'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { Folded } from './folded.tsx'
import { saveBlob } from './save-blob.ts'
import classes from './session-page.module.css'

/** What is shown without a click. */
const shortEnough = 300
/** More would stop the page; the rest is a download away. */
const mostShown = 1_000_000

interface LongTextProps {
  readonly sessionId: string
  readonly name: string
  readonly label: string
  readonly text: StoredText
}

export const LongText = ({ sessionId, name, label, text: { text, blob } }: LongTextProps) => {
  const [whole, setWhole] = useState<string | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const readable = pretty(whole ?? text)
  const read = async (): Promise<string> => {
    if (blob === undefined) return text
    const asked = api.GET('/v1/sessions/{id}/blobs/{hash}', {
      params: { path: { id: sessionId, hash: blob.sha256 } },
      parseAs: 'text',
    })
    return String(await answerOf(asked))
  }
  const show = (): void => void read().then(setWhole, setError)
  const save = (): void =>
    void (blob === undefined ? Promise.resolve() : saveBlob(sessionId, blob.sha256, `${name}.txt`)).catch(setError)
  const body = (
    <>
      <Code block mt={4} className={classes.text} tabIndex={0} role="region" aria-label={label}>
        {readable.slice(0, mostShown)}
      </Code>
      {blob !== undefined && (
        <Group gap="xs">
          {whole === null && (
            <Button size="compact-xs" variant="subtle" onClick={show}>
              {`Show all ${size(blob.bytes)}`}
            </Button>
          )}
          <Button size="compact-xs" variant="subtle" onClick={save}>
            Download
          </Button>
          {readable.length > mostShown && <Text size="xs" c="dimmed">{`The first ${size(mostShown)} are shown.`}</Text>}
        </Group>
      )}
      <ProblemAlert error={error} />
    </>
  )
  if (text === '') return null
  if (blob === undefined && text.length <= shortEnough && text.split('\n').length <= 6) return body
  const beginning = text.trim().split('\n', 1)[0]?.slice(0, 80)
  return (
    <Folded name={name} label={`${label} · ${size(blob?.bytes ?? text.length)} · ${beginning} …`}>
      {body}
    </Folded>
  )
}

/** JSON as one reads it; anything else as it is. */
const pretty = (text: string): string => {
  if (!/^\s*[[{]/.test(text) || text.length > 200_000) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

const size = (bytes: number): string =>
  bytes < 1_000
    ? `${bytes} B`
    : bytes < 1_000_000
      ? `${Math.round(bytes / 1_000)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`
