// Which card tells of a part of the session that a link names: a call, a turn, a stage, a helper, an agent's conclusion.
import type { Card } from './cards.ts'

/** `part`: its id; of a turn `<execution>:<turn>`. */
export const isCardOf = (card: Card, part: string): boolean => {
  switch (card.kind) {
    case 'tool':
      return card.request.toolCallId === part
    case 'refused':
      return card.refusal.toolCallId === part
    case 'reply':
      return `${card.reply.executionId}:${card.reply.turn}` === part
    case 'stage':
      return card.stage.stageId === part
    case 'helper':
      return card.helper.executionId === part
    case 'concluded':
      return card.ended.executionId === part
    default:
      return false
  }
}
