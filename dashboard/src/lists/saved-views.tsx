// Named filters, kept in this browser: some are there from the start, others a person has saved.
import { Button, CloseButton, Group, TextInput } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import classes from './saved-views.module.css'

export interface SavedView<Search> {
  readonly name: string
  readonly search: Search
}

interface SavedViewsProps<Search> {
  /** Under which they are kept. */
  readonly list: string
  readonly first: readonly SavedView<Search>[]
  readonly now: Search
  /** What was kept, as the address would be read. */
  readonly read: (kept: Readonly<Record<string, unknown>>) => Search
  readonly onChoose: (search: Search) => void
}

/** In one order, whatever order the fields were set in. */
const textOf = (search: object): string => JSON.stringify(Object.entries(search).sort(([a], [b]) => (a < b ? -1 : 1)))

export const SavedViews = <Search extends object>({ list, first, now, read, onChoose }: SavedViewsProps<Search>) => {
  const [kept, setKept] = useLocalStorage<readonly SavedView<Readonly<Record<string, unknown>>>[]>({
    key: `casebook.views.${list}`,
    defaultValue: [],
    getInitialValueInEffect: false,
    deserialize: keptViews,
  })
  const [naming, setNaming] = useState(false)
  const own = kept.map(({ name, search }) => ({ name, search: read(search) }))
  const current = textOf(now)
  const isKnown = [...first, ...own].some(({ search }) => textOf(search) === current)
  const save = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const name = new FormData(event.currentTarget).get('name')
    if (typeof name !== 'string' || name.trim() === '') return
    const saved = { name: name.trim(), search: Object.fromEntries(Object.entries(now)) }
    setKept((before) => [...before.filter((each) => each.name !== saved.name), saved])
    setNaming(false)
  }
  const button = ({ name, search }: SavedView<Search>) => (
    <Button
      key={name}
      size="compact-sm"
      variant={textOf(search) === current ? 'light' : 'subtle'}
      aria-pressed={textOf(search) === current}
      onClick={() => onChoose(search)}
    >
      {name}
    </Button>
  )
  return (
    <Group gap={4} role="group" aria-label="Views">
      {first.map(button)}
      {own.map((view) => (
        <span key={view.name} className={classes['own']}>
          {button(view)}
          <CloseButton
            size="xs"
            aria-label={`Forget the view ${view.name}`}
            onClick={() => setKept((before) => before.filter(({ name }) => name !== view.name))}
          />
        </span>
      ))}
      {!isKnown && !naming && (
        <Button size="compact-sm" variant="default" onClick={() => setNaming(true)}>
          Save view
        </Button>
      )}
      {naming && (
        <form onSubmit={save} className={classes['own']}>
          <TextInput
            name="name"
            size="xs"
            aria-label="Name of the view"
            placeholder="Name"
            maxLength={60}
            data-autofocus
            autoFocus
          />
          <Button type="submit" size="compact-sm">
            Save
          </Button>
          <Button size="compact-sm" variant="subtle" onClick={() => setNaming(false)}>
            Leave it
          </Button>
        </form>
      )}
    </Group>
  )
}

/** Whatever else stands under the key is not read. */
const keptViews = (text: string | undefined): readonly SavedView<Readonly<Record<string, unknown>>>[] => {
  try {
    const parsed: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(parsed) ? parsed.filter(isView) : []
  } catch {
    return []
  }
}

const isView = (value: unknown): value is SavedView<Readonly<Record<string, unknown>>> =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'name') === 'string' &&
  typeof Reflect.get(value, 'search') === 'object' &&
  Reflect.get(value, 'search') !== null
