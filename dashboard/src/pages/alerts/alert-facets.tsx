// What the list of alerts can be narrowed down by.
import { Facet, type FacetValue } from '../../lists/facet.tsx'
import { toggled } from '../../lists/read-search.ts'
import { SpanFilter } from '../../lists/span-filter.tsx'
import type { AlertsSearch } from './alerts-search.ts'

interface AlertFacetsProps {
  readonly search: AlertsSearch
  readonly facets: Readonly<Record<string, readonly FacetValue[]>>
  readonly onChange: (search: AlertsSearch) => void
}

const several = [
  ['severity', 'Severity'],
  ['source', 'Source'],
  ['session_status', 'Session'],
] as const

export const AlertFacets = ({ search, facets, onChange }: AlertFacetsProps) => {
  const set = <Field extends keyof AlertsSearch>(field: Field, value: AlertsSearch[Field] | undefined): void => {
    const { [field]: _, ...rest } = search
    onChange(value === undefined ? rest : { ...rest, [field]: value })
  }
  const labels = search.label ?? []
  return (
    <>
      <SpanFilter
        what="Heard of"
        span={search}
        onChange={(span) => {
          const { from: _, to: __, ...rest } = search
          onChange({ ...rest, ...span })
        }}
      />
      <Facet
        name="Status"
        values={facets['status'] ?? []}
        picked={search.status === undefined ? [] : [search.status]}
        onToggle={(value) => set('status', value === search.status ? undefined : value)}
      />
      {several.map(([field, name]) => (
        <Facet
          key={field}
          name={name}
          values={facets[field] ?? []}
          picked={search[field]?.split(',') ?? []}
          onToggle={(value) => set(field, toggled(search[field], value))}
        />
      ))}
      <Facet
        name="Labels"
        values={(facets['label'] ?? []).slice(0, 12)}
        picked={labels}
        onToggle={(value) => {
          const left = labels.includes(value) ? labels.filter((each) => each !== value) : [...labels, value]
          set('label', left.length === 0 ? undefined : left)
        }}
      />
    </>
  )
}
