// Which org is looked at, where there is more than one: the choice itself is loaded only then.
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { answerOf, api } from '../api/client.ts'
import { defaultOrg, org } from '../api/org.ts'

const OrgChooser = lazy(async () => ({ default: (await import('./org-chooser.tsx')).OrgChooser }))

export const OrgChoice = () => {
  const { data } = useQuery({
    queryKey: ['orgs'],
    queryFn: () => answerOf(api.GET('/v1/orgs')),
    // Who comes back to this tab finds those that have come.
    refetchOnWindowFocus: true,
  })
  const others = (data?.items ?? []).map(({ id }) => id).filter((id) => id !== org)
  if (org === defaultOrg && others.length === 0) return null
  return (
    <Suspense>
      <OrgChooser orgs={[...new Set([defaultOrg, org, ...others.toSorted()])]} />
    </Suspense>
  )
}
