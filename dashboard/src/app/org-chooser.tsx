// Opens the page anew for another org.
import { NativeSelect } from '@mantine/core'
import { addressIn, org } from '../api/org.ts'

interface OrgChooserProps {
  readonly orgs: readonly string[]
}

export const OrgChooser = ({ orgs }: OrgChooserProps) => (
  <NativeSelect
    size="xs"
    w={{ base: 92, sm: 160 }}
    aria-label="Org"
    data={[...orgs]}
    value={org}
    onChange={({ currentTarget: { value } }) =>
      window.location.assign(addressIn(new URL(listOf(window.location.pathname), window.location.origin), value))
    }
  />
)

/** Nothing of one org is there in another one, but for its lists. */
const listOf = (path: string): string => path.replace(/^\/(sessions|alerts)\/(?:ses|alr)_.*$/, '/$1')
