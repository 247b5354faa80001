// One facet of a list: its values with how many rows there are of each, to be switched on and off.
import { Stack, Text, UnstyledButton } from '@mantine/core'
import classes from './facet.module.css'

export interface FacetValue {
  readonly value: string
  readonly count: number
}

interface FacetProps {
  readonly name: string
  readonly values: readonly FacetValue[]
  readonly picked: readonly string[]
  readonly onToggle: (value: string) => void
}

export const Facet = ({ name, values, picked, onToggle }: FacetProps) => {
  // What is switched on stays to be switched off, also when no row is like that any more.
  const gone = picked.filter((value) => !values.some((each) => each.value === value))
  const all = [...values, ...gone.map((value) => ({ value, count: 0 }))]
  return all.length === 0 ? null : (
    <Stack gap={2} component="section" aria-label={name}>
      <Text size="xs" fw={600} c="dimmed" component="h2">
        {name}
      </Text>
      {all.map(({ value, count }) => (
        <UnstyledButton
          key={value}
          className={classes['value']}
          aria-pressed={picked.includes(value)}
          onClick={() => onToggle(value)}
        >
          <span className={classes['name']} title={value}>
            {value.replaceAll('_', ' ')}
          </span>
          <span className={classes['count']}>{count.toLocaleString('en')}</span>
        </UnstyledButton>
      ))}
    </Stack>
  )
}
