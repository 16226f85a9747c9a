import { type CallbackHandler, text } from '../events/callback.ts'
import { applyTagLibrary, type LibraryScope } from './apply-library.ts'
import { enqueueClearing } from './clear-deleted.ts'

/**
 * Somebody changed the library in WeCom. What is named is read again; the deletion of a group comes without a word about
 * its tags, and a shuffle of groups without a name, so those read the library whole.
 */
const readAgain: CallbackHandler = async (context, corpId, callback) => {
  const scope = scopeOf(text(callback, 'TagType'), text(callback, 'Id'))
  const wecom = await context.wecom(corpId)
  const listed = await wecom.tag.list(
    scope === 'all' ? {} : 'groupIds' in scope ? { group_id: scope.groupIds } : { tag_id: scope.tagIds },
  )
  return async (tx) => {
    const { goneTagIds } = await applyTagLibrary(tx, corpId, listed, scope, context.clock.now())
    await enqueueClearing(tx, corpId, goneTagIds)
    context.health.success(corpId, 'tags')
  }
}

function scopeOf(tagType: string, id: string): LibraryScope {
  if (!id) return 'all'
  return tagType === 'tag' ? { tagIds: [id] } : { groupIds: [id] } // a shuffle names the group and no type
}

export const callbackHandlers: Record<string, CallbackHandler> = {
  'change_external_tag.create': readAgain,
  'change_external_tag.update': readAgain,
  'change_external_tag.delete': readAgain,
  'change_external_tag.shuffle': readAgain,
}
