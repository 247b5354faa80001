// What a list can be narrowed down by: when, the values of its facets, and labels.
import { Facet, type FacetValue } from './facet.tsx'
import { toggled } from './read-search.ts'
import { SpanFilter } from './span-filter.tsx'

export interface ListFacet<Field extends string> {
  readonly field: Field
  readonly name: string
  /** Any of several values, one of them, or whether it is so. */
  readonly pick: 'several' | 'one' | 'yes'
}

type Picked<Field extends string> = Readonly<Partial<Record<Field, string>>> & {
  readonly label?: readonly string[]
  readonly from?: string
  readonly to?: string
}

interface ListFacetsProps<Field extends string> {
  readonly when: string
  readonly of: readonly ListFacet<Field>[]
  readonly search: Picked<Field>
  readonly facets: Readonly<Record<string, readonly FacetValue[]>>
  /** Of the search; undefined for what is let go. */
  readonly onChange: (changes: Readonly<Record<string, string | readonly string[] | undefined>>) => void
}

const mostLabels = 12

export const ListFacets = <Field extends string>({ when, of, search, facets, onChange }: ListFacetsProps<Field>) => {
  const labels = search.label ?? []
  return (
    <>
      <SpanFilter
        what={when}
        span={search}
        onChange={(span) => onChange({ from: undefined, to: undefined, ...span })}
      />
      {of.map(({ field, name, pick }) => {
        const values = facets[field] ?? []
        const picked: string | undefined = search[field]
        return pick === 'yes' ? (
          <Facet
            key={field}
            name={name}
            values={[{ value: 'yes', count: values.find(({ value }) => value === 'true')?.count ?? 0 }]}
            picked={picked === 'true' ? ['yes'] : []}
            onToggle={() => onChange({ [field]: picked === 'true' ? undefined : 'true' })}
          />
        ) : (
          <Facet
            key={field}
            name={name}
            values={values}
            picked={picked === undefined ? [] : pick === 'one' ? [picked] : picked.split(',')}
            onToggle={(value) =>
              onChange({
                [field]: pick === 'several' ? toggled(picked, value) : value === picked ? undefined : value,
              })
            }
          />
        )
      })}
      <Facet
        name="Labels"
        values={(facets['label'] ?? []).slice(0, mostLabels)}
        picked={labels}
        onToggle={(value) =>
          onChange({
            label: labels.includes(value) ? labels.filter((each) => each !== value) : [...labels, value],
          })
        }
      />
    </>
  )
}
