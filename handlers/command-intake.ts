// Carries out commands that were queued: one after another, so that what a sender published first is decided first.
import type { CommandQueue, DecideQueued } from './ports/command-queue.ts'
import type { Log } from './ports/log.ts'
import { runQueue } from './queue-runner.ts'
import type { RunningReactor } from './reactor.ts'

export interface CommandIntakeDependencies {
  readonly queue: CommandQueue
  readonly decide: DecideQueued
  readonly log: Log
}

export const startCommandIntake = ({ queue, decide, log }: CommandIntakeDependencies): RunningReactor =>
  runQueue({
    name: 'command-intake',
    noun: 'A queued command',
    concurrency: 1,
    // Fewer than for alerts: those behind it wait as long.
    maxDeliveries: 5,
    deliveries: queue.deliveries,
    work: decide,
    log,
  })
