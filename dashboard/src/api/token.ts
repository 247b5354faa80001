// The bearer token of a Casebook that asks for one: kept for this tab alone, and gone with it.
const key = 'casebook.token'

export const readToken = (): string | null => sessionStorage.getItem(key)

export const keepToken = (token: string): void => sessionStorage.setItem(key, token)
