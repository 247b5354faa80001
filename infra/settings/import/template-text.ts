// `{{.NAME}}` of the files imported from becomes `${NAME}`; what is already `${` there stays a plain one.

export interface FromTemplate {
  readonly text: string
  /** Template words that are no variable: kept as they are. */
  readonly odd: readonly string[]
}

const reference = /^\{\{-?\s*\.([A-Za-z_][A-Za-z0-9_]*)\s*-?\}\}$/
const action = /\{\{(?!\{)[^{}]*\}\}/g
/** Filled in there for each server session, not from the environment. */
const ofTheSession = 'SESSION_ID'

export const fromTemplate = (written: string): FromTemplate => {
  const odd: string[] = []
  const text = written
    .replaceAll('${', () => '$${')
    .replace(action, (whole, at: number, all: string) => {
      const [, name] = reference.exec(whole) ?? []
      // A dollar before it would make it a plain one here.
      if (name === undefined || name === ofTheSession || all[at - 1] === '$') {
        odd.push(whole)
        return whole
      }
      return `\${${name}}`
    })
  return { text, odd }
}
