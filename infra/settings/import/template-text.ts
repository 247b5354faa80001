// `{{.NAME}}` of the files imported from becomes `${NAME}`; what is already `${` there stays a plain one.

export interface FromTemplate {
  readonly text: string
  /** Variables it refers to. */
  readonly variables: readonly string[]
  /** Template words that are no variable: kept as they are. */
  readonly odd: readonly string[]
}

const reference = /\{\{-?\s*\.([A-Za-z_][A-Za-z0-9_]*)\s*-?\}\}/g
const action = /\{\{[^}]*\}\}/g
/** Filled in there for each server session, not from the environment. */
const ofTheSession = 'SESSION_ID'

export const fromTemplate = (written: string): FromTemplate => {
  const variables: string[] = []
  const odd: string[] = []
  const text = written
    .replaceAll('${', () => '$${')
    .replace(action, (whole) => {
      const [, name] = new RegExp(reference.source).exec(whole) ?? []
      if (name === undefined || name === ofTheSession) {
        odd.push(whole)
        return whole
      }
      variables.push(name)
      return `\${${name}}`
    })
  return { text, variables, odd }
}
