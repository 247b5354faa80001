// A process' arguments without the secrets in them: by the named patterns, and by the short flags of well-known programs.
import { maskJson, maskText } from '../../domain/masking/mask.ts'
import { placeholder } from '../../domain/masking/placeholder.ts'

interface ShortFlags {
  readonly program: RegExp
  /** The secret is the next argument, or the rest of this one. */
  readonly flag: RegExp
  /** Of `user:secret` the user stays. */
  readonly pair?: boolean
}

const shortFlags: readonly ShortFlags[] = [
  // Alone, `-p` asks for the password, and what follows is the database.
  { program: /^(?:mysql|mariadb|mysqldump|mariadb-dump|mysqladmin|mariadb-admin|mycli)$/, flag: /^-p(?=.)/ },
  { program: /^sshpass$/, flag: /^-p/ },
  { program: /^(?:mongo|mongosh|mongodump|mongorestore)$/, flag: /^-p$/ },
  { program: /^(?:ldapsearch|ldapmodify|ldapadd|ldapdelete)$/, flag: /^-w/ },
  { program: /^(?:plink|pscp|psftp)$/, flag: /^-pw$/ },
  { program: /^(?:redis-cli|keydb-cli|valkey-cli)$/, flag: /^-a/ },
  { program: /^openssl$/, flag: /^-pass(?:in|out)?$/ },
  { program: /^curl$/, flag: /^(?:-[A-Za-z]*[uU]|--(?:proxy-)?user=?)/, pair: true },
  { program: /^https?$|^xh$/, flag: /^(?:-a|--auth)=?/, pair: true },
  { program: /^(?:smbclient|rpcclient)$/, flag: /^(?:-U|--user)=?/, pair: true },
]

const longest = 64 * 1024
const options = { groups: ['secrets'] } as const

/** `written` is `/proc/<pid>/cmdline`: arguments that end with NUL, or one line a process wrote over them. */
export const maskCommandLine = (written: string): string => {
  const line = written.slice(0, longest).replace(/\0+$/, '')
  if (line === '') return ''
  const given = line.split('\0')
  const known = given.length > 1 ? withoutShortFlags(given) : withoutShortFlags(line.split(' '))
  // Argument by argument first, as a secret may hold spaces; then as a whole, as a shell's `-c` holds many.
  const masked = maskJson([...known], options)
  const all = Array.isArray(masked) ? masked.map(String) : []
  return maskText(all.join(' '), options).text
}

/** Of the first such program in the list: `sudo mysql …`, `timeout 5 sshpass …`; or in the text of a shell's `-c`. */
const withoutShortFlags = (given: readonly string[]): readonly string[] => {
  const at = given.findIndex((each) => shortFlags.some(({ program }) => program.test(nameOf(each))))
  if (at === -1) {
    return given.map((each) => (each.includes(' ') ? withoutShortFlags(each.split(' ')).join(' ') : each))
  }
  const rules = shortFlags.filter(({ program }) => program.test(nameOf(given[at] ?? '')))
  const out = given.slice(0, at + 1)
  let next: ShortFlags | undefined
  for (const argument of given.slice(at + 1)) {
    if (next !== undefined) {
      out.push(hidden(argument, next))
      next = undefined
      continue
    }
    const rule = rules.find(({ flag }) => flag.test(argument))
    const written = rule?.flag.exec(argument)?.[0] ?? ''
    if (rule === undefined) out.push(argument)
    else if (argument.length > written.length) out.push(written + hidden(argument.slice(written.length), rule))
    else {
      out.push(argument)
      next = rule
    }
  }
  return out
}

const hidden = (value: string, { pair = false }: ShortFlags): string => {
  if (!pair) return placeholder('password')
  const separator = value.search(/[:%]/)
  return separator === -1 ? value : `${value.slice(0, separator + 1)}${placeholder('password')}`
}

const nameOf = (argument: string): string => argument.slice(argument.lastIndexOf('/') + 1)
