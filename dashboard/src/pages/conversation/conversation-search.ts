// Which turn of which agent is looked at, as it stands in the address.
export interface ConversationSearch {
  readonly execution?: string
  readonly turn?: number
  readonly attempt?: number
  /** Every message; else those that the turn before did not have. */
  readonly all?: boolean
}

export const readConversationSearch = (search: Readonly<Record<string, unknown>>): ConversationSearch => {
  const { execution, all } = search
  const [turn, attempt] = [Number(search['turn']), Number(search['attempt'])]
  return {
    ...(typeof execution === 'string' && execution !== '' && { execution }),
    ...(Number.isInteger(turn) && turn > 0 && { turn }),
    ...(Number.isInteger(attempt) && attempt > 0 && { attempt }),
    ...(all === true && { all }),
  }
}
