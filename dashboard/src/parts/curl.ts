// What is on a page as a command for the shell, with a token's place but never a token.
import { defaultOrg, org } from '../api/org.ts'
import { readToken } from '../api/token.ts'

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

export const curlOf = (path: string, body?: object, contentType = 'application/json'): string =>
  [
    'curl -s',
    quoted(`${window.location.origin}${path}`),
    ...(readToken() === null ? [] : ['-H "Authorization: Bearer $CASEBOOK_TOKEN"']),
    ...(org === defaultOrg ? [] : [`-H 'casebook-org: ${org}'`]),
    ...(body === undefined ? [] : [`-H 'content-type: ${contentType}'`, '-d', quoted(JSON.stringify(body))]),
  ].join(' ')
