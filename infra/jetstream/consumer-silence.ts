// A consumer that says nothing, not even that there is nothing, is lost: the client would ask after one whose server is gone until that is back.
import type { ConsumerMessages } from '@nats-io/jetstream'

/** What to ask a consumer for, so that its silence is noticed soon. */
export const pulls = { expires: 3_000, idle_heartbeat: 1_000 }

const silentAfterMs = 3_500

export interface SilenceWatch {
  /** To be called with every message. */
  heard(): void
  stop(): void
}

/** Calls once when neither message nor heartbeat has come in time, also while the connection is lost. */
export const watchSilence = (messages: ConsumerMessages, onSilent: () => void): SilenceWatch => {
  let last = performance.now()
  const timer = setInterval(() => {
    if (performance.now() - last < silentAfterMs) return
    stop()
    onSilent()
  }, 500)
  const stop = (): void => clearInterval(timer)
  const listen = async (): Promise<void> => {
    for await (const { type } of messages.status()) if (type === 'heartbeat') last = performance.now()
  }
  void listen().catch(() => undefined)
  return {
    heard: () => {
      last = performance.now()
    },
    stop,
  }
}
