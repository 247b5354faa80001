// A fork from the version that is looked at: the dialog of the session's page, with the agents that this page does not know.
import { useQuery } from '@tanstack/react-query'
import { askBoard } from '../../api/session-opening.ts'
import { emptyBoard } from '../session/board.ts'
import { ForkDialog } from '../session/fork-dialog.tsx'
import { readBoard } from '../session/read-history.ts'

interface ForkHereProps {
  readonly session: { readonly id: string; readonly title: string; readonly version: number }
  readonly at: number
  readonly onClose: () => void
}

export const ForkHere = ({ session, at, onClose }: ForkHereProps) => {
  const { id, version } = session
  const { data } = useQuery({
    queryKey: ['board', id, version],
    queryFn: async () => (await readBoard(id, await askBoard(id))).board,
  })
  return <ForkDialog view={session} board={data ?? emptyBoard} from={{ version: at }} onClose={onClose} />
}
