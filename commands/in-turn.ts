// Work on one stream goes one after the other within this process, so that it does not conflict with itself.

/** Runs `work` after everything queued before under the same key has settled. */
export type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>

export const createInTurn = (): InTurn => {
  const tails = new Map<string, Promise<unknown>>()
  return (key, work) => {
    const before = tails.get(key)
    const result = before === undefined ? work() : before.then(work, work)
    const tail = result.catch(() => undefined)
    tails.set(key, tail)
    void tail.then(() => {
      if (tails.get(key) === tail) tails.delete(key)
    })
    return result
  }
}
