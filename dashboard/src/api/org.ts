// The org this page looks at. The address names it, so that a link leads to the same one; to look at another one is to open the page anew.
import type { LocationRewrite } from '@tanstack/react-router'

export const defaultOrg = 'default'

const parameter = 'org'

/** What can be no org's name is passed over. */
const named = /^[a-z0-9][a-z0-9-]{0,62}$/.exec(new URLSearchParams(window.location.search).get(parameter) ?? '')

export const org = named?.[0] ?? defaultOrg

/** The address that leads there in an org. */
export const addressIn = (url: URL, of: string): URL => {
  if (of === defaultOrg) url.searchParams.delete(parameter)
  else url.searchParams.set(parameter, of)
  return url
}

/** Every address of this page names its org, and no page has to know. */
export const orgInAddress: LocationRewrite = {
  input: ({ url }) => addressIn(url, defaultOrg),
  output: ({ url }) => addressIn(url, org),
}
