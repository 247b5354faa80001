// Puts what an event refers to into a file of whoever looks: fetched with his token, which a plain link would not carry.
import { answerOf, api } from '../../api/client.ts'

/** @throws ApiProblem, Unreachable. */
export const saveBlob = async (id: string, hash: string, name: string): Promise<void> => {
  const content: unknown = await answerOf(
    api.GET('/v1/sessions/{id}/blobs/{hash}', { params: { path: { id, hash } }, parseAs: 'blob' }),
  )
  if (!(content instanceof Blob)) return
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
