// An address of EventStoreDB, taken apart here: its client writes the whole of it, password included, when it sees an odd option.
import { z } from 'zod'

export interface EventStoreAddress {
  readonly hosts: readonly { readonly address: string; readonly port: number }[]
  /** `esdb+discover://`: the host is asked for the members of its cluster. */
  readonly discover: boolean
  readonly tls: boolean
  readonly tlsCaFile?: string | undefined
  readonly credentials?: { readonly username: string; readonly password: string } | undefined
  readonly nodePreference?: 'leader' | 'follower' | 'read_only_replica' | 'random' | undefined
}

const options = z.strictObject({
  tls: z.enum(['true', 'false']).default('true'),
  tlscafile: z.string().min(1).optional(),
  nodepreference: z
    .string()
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(['leader', 'follower', 'readonlyreplica', 'random']))
    .optional(),
})

const form = /^esdb(\+discover)?:\/\/(?:([^:@/?]+):([^@/?]+)@)?([^/?@]+)\/?(?:\?(.*))?$/
const host = /^([A-Za-z0-9._-]+)(?::(\d{1,5}))?$/

/** @returns null when it is none. */
export const parseEventStoreUrl = (text: string): EventStoreAddress | null => {
  const [, discover, username, password, hostList = '', query = ''] = form.exec(text) ?? []
  const hosts = hostList.split(',').map((each) => host.exec(each))
  const given = [...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value])
  const parsed = options.safeParse(Object.fromEntries(given))
  if (!parsed.success || hosts.includes(null)) return null
  const { tls, tlscafile, nodepreference } = parsed.data
  try {
    return {
      hosts: hosts.map((each) => ({ address: each?.[1] ?? '', port: Number(each?.[2] ?? 2113) })),
      discover: discover !== undefined,
      tls: tls === 'true',
      ...(tlscafile !== undefined && { tlsCaFile: tlscafile }),
      ...(username !== undefined &&
        password !== undefined && {
          credentials: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
        }),
      ...(nodepreference !== undefined && {
        nodePreference: nodepreference === 'readonlyreplica' ? 'read_only_replica' : nodepreference,
      }),
    }
  } catch {
    // A "%" that begins no escape.
    return null
  }
}
