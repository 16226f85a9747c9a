import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'

export type Library = Answer<'/api/tag-groups'>
export type Group = Library['groups'][number]
export type Tag = Group['tags'][number]

/** WeCom's limit, in characters; the server holds it too. */
export const NAME_MAX = 30
/** While something waits for WeCom the page looks again by itself. */
const WAITING_EVERY_MS = 4_000

export const useLibrary = () =>
  api.useQuery(
    'get',
    '/api/tag-groups',
    {},
    { refetchInterval: ({ state }) => (state.data && isWaiting(state.data) ? WAITING_EVERY_MS : false) },
  )

export const countWaiting = (library: Library): number =>
  library.groups.flatMap(({ tags }) => tags).filter(({ inWecom }) => !inWecom).length
const isWaiting = (library: Library) => library.pairsWaiting > 0 || countWaiting(library) > 0

/** Every change of the library reads it again. */
export function useTagChanges() {
  const onError = useProblemToast()
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['get', '/api/tag-groups'] })
  const options = { onError, onSuccess }
  return {
    createGroup: api.useMutation('post', '/api/tag-groups', options),
    editGroup: api.useMutation('patch', '/api/tag-groups/{tagGroupId}', options),
    deleteGroup: api.useMutation('delete', '/api/tag-groups/{tagGroupId}', options),
    orderGroups: api.useMutation('put', '/api/tag-groups/order', options),
    createTag: api.useMutation('post', '/api/tags', options),
    renameTag: api.useMutation('patch', '/api/tags/{tagId}', options),
    deleteTag: api.useMutation('delete', '/api/tags/{tagId}', options),
    sync: api.useMutation('post', '/api/tag-groups/sync', options),
  }
}
