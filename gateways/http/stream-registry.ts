// The open event streams of this process, so that stopping it ends each of them in order.
export interface StreamRegistry {
  /** @returns the way to leave. */
  add(close: () => void): () => void
  closeAll(): void
  readonly size: number
}

export const createStreamRegistry = (): StreamRegistry => {
  const open = new Set<() => void>()
  return {
    add: (close) => {
      open.add(close)
      return () => open.delete(close)
    },
    closeAll: () => {
      for (const close of [...open]) close()
    },
    get size() {
      return open.size
    },
  }
}
