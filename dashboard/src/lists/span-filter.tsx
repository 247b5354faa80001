// From when to when: the usual spans, or two moments of one's own.
import { NativeSelect, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { momentOf } from './read-search.ts'

interface Span {
  readonly from?: string
  readonly to?: string
}

interface SpanFilterProps {
  readonly what: string
  readonly span: Span
  readonly onChange: (span: Span) => void
}

const usual = [
  { value: '', label: 'Any time' },
  { value: '1h', label: 'The last hour' },
  { value: '24h', label: 'The last 24 hours' },
  { value: '7d', label: 'The last 7 days' },
  { value: '30d', label: 'The last 30 days' },
  { value: 'own', label: 'From … to …' },
] as const

export const SpanFilter = ({ what, span, onChange }: SpanFilterProps) => {
  const isUsual = span.to === undefined && usual.some(({ value }) => value === (span.from ?? ''))
  const [own, setOwn] = useState(!isUsual)
  const moment = (name: 'from' | 'to', label: string) => (
    <TextInput
      type="datetime-local"
      size="xs"
      label={label}
      value={localOf(span[name])}
      onChange={({ currentTarget: { value } }) => {
        const { [name]: _, ...rest } = span
        onChange(value === '' ? rest : { ...rest, [name]: new Date(value).toISOString() })
      }}
    />
  )
  return (
    <Stack gap={4}>
      <NativeSelect
        size="xs"
        label={what}
        data={[...usual]}
        value={own || !isUsual ? 'own' : (span.from ?? '')}
        onChange={({ currentTarget: { value } }) => {
          setOwn(value === 'own')
          if (value !== 'own') onChange(value === '' ? {} : { from: value })
        }}
      />
      {(own || !isUsual) && (
        <>
          {moment('from', 'From')}
          {moment('to', 'Before')}
        </>
      )}
    </Stack>
  )
}

/** As the input takes it: local time, to the minute. */
const localOf = (text: string | undefined): string => {
  const at = text === undefined ? undefined : momentOf(text)
  if (at === undefined) return ''
  return new Date(Date.parse(at) - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
