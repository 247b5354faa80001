// The port to metrics: what handlers count and time.

export interface Metrics {
  /** Adds one. */
  count(name: CounterName, labels?: Readonly<Record<string, string>>): void
  /** Records a duration in seconds. */
  time(name: TimerName, seconds: number, labels?: Readonly<Record<string, string>>): void
}

export type CounterName =
  | 'sessions_started'
  | 'sessions_ended'
  | 'model_replies'
  | 'model_failures'
  | 'tool_calls'
  | 'commits'
  | 'alerts'
export type TimerName = 'model_call_duration' | 'tool_call_duration' | 'queue_wait'
