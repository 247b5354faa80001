// What the list of sessions can be narrowed down by.
import { Facet, type FacetValue } from '../../lists/facet.tsx'
import { toggled } from '../../lists/read-search.ts'
import { SpanFilter } from '../../lists/span-filter.tsx'
import type { SessionsSearch } from './sessions-search.ts'

interface SessionFacetsProps {
  readonly search: SessionsSearch
  readonly facets: Readonly<Record<string, readonly FacetValue[]>>
  readonly onChange: (search: SessionsSearch) => void
}

const several = [
  ['status', 'Status'],
  ['severity', 'Severity'],
  ['kind', 'Kind'],
] as const
const single = [
  ['chain', 'Chain'],
  ['outcome', 'Outcome'],
] as const

export const SessionFacets = ({ search, facets, onChange }: SessionFacetsProps) => {
  const set = <Field extends keyof SessionsSearch>(field: Field, value: SessionsSearch[Field] | undefined): void => {
    const { [field]: _, ...rest } = search
    onChange(value === undefined ? rest : { ...rest, [field]: value })
  }
  const labels = search.label ?? []
  const waiting = facets['waiting']?.find(({ value }) => value === 'true')?.count ?? 0
  return (
    <>
      <SpanFilter
        what="Started"
        span={search}
        onChange={(span) => {
          const { from: _, to: __, ...rest } = search
          onChange({ ...rest, ...span })
        }}
      />
      {several.slice(0, 1).map(([field, name]) => (
        <Facet
          key={field}
          name={name}
          values={facets[field] ?? []}
          picked={search[field]?.split(',') ?? []}
          onToggle={(value) => set(field, toggled(search[field], value))}
        />
      ))}
      <Facet
        name="Waiting for a person"
        values={[{ value: 'yes', count: waiting }]}
        picked={search.waiting === 'true' ? ['yes'] : []}
        onToggle={() => set('waiting', search.waiting === 'true' ? undefined : 'true')}
      />
      {several.slice(1).map(([field, name]) => (
        <Facet
          key={field}
          name={name}
          values={facets[field] ?? []}
          picked={search[field]?.split(',') ?? []}
          onToggle={(value) => set(field, toggled(search[field], value))}
        />
      ))}
      {single.map(([field, name]) => {
        const picked = search[field]
        return (
          <Facet
            key={field}
            name={name}
            values={facets[field] ?? []}
            picked={picked === undefined ? [] : [picked]}
            onToggle={(value) => set(field, value === picked ? undefined : value)}
          />
        )
      })}
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
