// Why the HTTP door cannot be opened, with the variable to change.
import { CasebookError } from '../../schemas/casebook-error.ts'

export class CannotListen extends CasebookError {
  readonly code = 'cannot_listen'
  readonly retryable = false

  constructor(host: string, port: number, cause: unknown) {
    super(reasonOf(host, port, cause), { cause })
  }
}

const reasonOf = (host: string, port: number, cause: unknown): string => {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return `CASEBOOK_PORT ${port} is taken on ${host}. Stop what listens there, or set CASEBOOK_PORT to another port (0 takes a free one).`
    case 'EACCES':
      return `CASEBOOK_PORT ${port} is closed to this user. Set CASEBOOK_PORT to one from 1024 on.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `CASEBOOK_HOST ${host} is no address of this machine. Set it to one that is, such as 127.0.0.1.`
    default:
      return `Cannot listen on CASEBOOK_HOST ${host}, CASEBOOK_PORT ${port}: ${cause instanceof Error ? cause.message : String(cause)}.`
  }
}
