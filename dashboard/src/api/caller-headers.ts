// What every request says of who asks: the token, and for which org.
import { defaultOrg, org } from './org.ts'
import { readToken } from './token.ts'

export const callerHeaders = (): Readonly<Record<string, string>> => {
  const token = readToken()
  return {
    ...(token !== null && { authorization: `Bearer ${token}` }),
    ...(org !== defaultOrg && { 'casebook-org': org }),
  }
}
