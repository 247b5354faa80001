// The filters of the log. Each is in the address; what is typed counts when it is left, or with Enter.
import { Button, Checkbox, Group, NativeSelect, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { KeyboardEvent } from 'react'
import { categories, type EventsSearch } from './events-search.ts'

export type Filters = Pick<
  EventsSearch,
  'type' | 'category' | 'actor' | 'session' | 'correlation' | 'from' | 'to' | 'order' | 'tail'
>

interface EventFiltersProps {
  readonly filters: Filters
  readonly onChange: (changes: { readonly [K in keyof Filters]?: Filters[K] | undefined }) => void
  /** Of one session: its category and id are settled. */
  readonly ofSession: boolean
}

export const EventFilters = ({ filters, onChange, ofSession }: EventFiltersProps) => {
  const field = (name: 'type' | 'actor' | 'session' | 'correlation', label: string, placeholder: string) => {
    const settle = (text: string): void => {
      const value = text.trim()
      if (value !== (filters[name] ?? '')) onChange({ [name]: value === '' ? undefined : value })
    }
    return (
      <TextInput
        key={`${name} ${filters[name] ?? ''}`}
        size="xs"
        aria-label={label}
        placeholder={placeholder}
        defaultValue={filters[name] ?? ''}
        onBlur={(event) => settle(event.currentTarget.value)}
        onKeyDown={(event: KeyboardEvent<HTMLInputElement>) => {
          if (event.key === 'Enter') settle(event.currentTarget.value)
        }}
        {...(name === 'type' && { 'data-search': true })}
        w={{ base: '100%', xs: 170 }}
      />
    )
  }
  const moment = (name: 'from' | 'to', label: string) => (
    <TextInput
      key={`${name} ${filters[name] ?? ''}`}
      size="xs"
      type="datetime-local"
      step={1}
      aria-label={label}
      title={label}
      defaultValue={filters[name] === undefined ? '' : localText(filters[name])}
      onBlur={({ currentTarget: { value } }) => {
        const at = value === '' ? undefined : new Date(value).toISOString()
        if (at !== filters[name]) onChange({ [name]: at })
      }}
      w={{ base: '100%', xs: 190 }}
    />
  )
  const [opened, { toggle }] = useDisclosure(false)
  const filtered = Object.keys(filters).some((name) => name !== 'order' && name !== 'tail')
  return (
    <>
      <Button size="compact-sm" variant="default" hiddenFrom="sm" onClick={toggle} aria-expanded={opened}>
        Filters
      </Button>
      <Group gap="xs" role="search" aria-label="Filter the events" {...(!opened && { visibleFrom: 'sm' as const })}>
        {field('type', 'Type', 'Type: tool_call …  ( / )')}
        {!ofSession && (
          <NativeSelect
            size="xs"
            aria-label="Category"
            value={filters.category ?? ''}
            data={[{ value: '', label: 'Any category' }, ...categories]}
            onChange={({ currentTarget: { value } }) =>
              onChange({ category: categories.find((category) => category === value) })
            }
          />
        )}
        {field('actor', 'Actor', 'Actor, such as user:jo')}
        {!ofSession && field('session', 'Session', 'Session id')}
        {field('correlation', 'Correlation', 'Correlation id')}
        {moment('from', 'Written since')}
        {moment('to', 'Written before')}
        <NativeSelect
          size="xs"
          aria-label="Order"
          value={filters.order ?? (ofSession ? 'asc' : 'desc')}
          data={[
            { value: 'desc', label: 'Latest first' },
            { value: 'asc', label: 'Oldest first' },
          ]}
          onChange={({ currentTarget: { value } }) => onChange({ order: value === 'asc' ? 'asc' : 'desc' })}
        />
        <Checkbox
          size="xs"
          label="Live tail"
          checked={filters.tail === true}
          onChange={({ currentTarget: { checked } }) => onChange({ tail: checked || undefined })}
        />
        {filtered && (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() =>
              onChange({
                ...{ type: undefined, category: undefined, actor: undefined, session: undefined },
                ...{ correlation: undefined, from: undefined, to: undefined },
              })
            }
          >
            No filter
          </Button>
        )}
      </Group>
    </>
  )
}

/** As the browser's field has it: in the reader's own time zone. */
const localText = (at: string): string => {
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}
