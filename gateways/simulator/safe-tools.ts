// Which tools only look: the wire carries no annotations, so their names and descriptions are all there is to tell by.
import { plainWords } from './alert-topics.ts'
import type { WireTool } from './chat-wire.ts'

/** Wherever they stand in a name, also glued to the next word. */
const destructive =
  /\b(?:delet|remov|destroy|terminat|restart|reboot|shutdown|poweroff|kill|purg|eras|wip(?:e|ing)|truncat)\w*/

const changing =
  /\b(?:drop|stop|write|append|create|update|patch|apply|set|put|post|send|drain|cordon|scale|exec|execute|run|rollback|crash|rm|del)\b/

/** Nouns, too, in the names of tools that begin by saying that they look: `list_pull_requests`, `get_start_time`. */
const changingAtFirst =
  /^(?:ack|acknowledge|add|approve|assign|attach|backup|ban|block|cancel|change|clean|cleanup|clear|close|commit|copy|deploy|detach|disable|edit|enable|evict|failover|fire|flush|format|grant|import|insert|install|invoke|lock|merge|migrate|modify|mount|move|notify|pause|promote|provision|publish|push|register|release|rename|replace|reset|resize|resolve|restore|resume|revoke|rotate|save|schedule|silence|start|submit|suspend|sync|tag|taint|toggle|trigger|unblock|uninstall|unlock|unmount|upgrade|upload|upsert)\b/

export const isSafe = (tool: WireTool): boolean => {
  const words = nameWords(tool)
  const server = plainWords(tool.name.slice(0, Math.max(0, tool.name.indexOf('__'))))
  const says = plainWords(tool.description.trimStart().slice(0, 80))
  return !(
    destructive.test(words) ||
    changing.test(words) ||
    changingAtFirst.test(words) ||
    // A name that only looks like `server__tool`.
    /^(?:destroy|terminate|restart|kill|delete|remove|drop|stop)$/.test(server) ||
    saysItChanges.test(says)
  )
}

/** `Deletes old files.`, `Restart a service`: how a description begins. */
const saysItChanges =
  /^(?:this tool )?(?:delete|remove|destroy|terminate|restart|reboot|kill|purge|erase|drop|stop|write|append|create|update|patch|apply|send|drain|scale|execute|run|change|modifie|modify|overwrite)s?\b/

/** The server's name says nothing of the tool: `host__load` is `load`. */
export const nameWords = ({ name }: WireTool): string =>
  plainWords(name.slice(name.indexOf('__') + 1).replace(/^_+/, ''))
