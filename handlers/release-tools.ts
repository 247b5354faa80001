// Ends the tool servers of an execution in every process: whoever hears of its end need not be who opened them.
import type { CommitFeed } from './ports/commit-feed.ts'
import type { Log } from './ports/log.ts'
import type { ToolBox } from './ports/tool-box.ts'

/** @returns the way to stop. */
export const releaseTools = (feed: CommitFeed, toolBox: Pick<ToolBox, 'release'>, log: Log): (() => void) =>
  feed.subscribe(({ events }) => {
    for (const event of events) {
      if (event.type !== 'session.execution_ended') continue
      const { executionId } = event.data
      toolBox.release(executionId).catch((error: unknown) => {
        log.warn({ execution: executionId, err: error }, 'A tool server was not let go.')
      })
    }
  })
