import { WecomError } from '@siyu/wecom/errors'
import { childTexts, findChild } from '@siyu/wecom/xml'
import { inCorp } from '../../platform/db.ts'
import { type CallbackHandler, type ReceivedCallback, text } from '../events/callback.ts'
import { applyGroups } from './apply-groups.ts'
import { applyDelta, type Delta, learnLeaving, readVersion } from './delta.ts'
import { endGroups, NO_GROUP, OWNER_GONE, orphanGroups } from './end-groups.ts'
import { lookLater } from './read-again.ts'

/**
 * A callback about a group is a hint. One that says what changed between two versions is done at once when the group
 * stands at the first of them; else, or when it says anything else, WeCom is asked what holds now. So any loss, repeat
 * or order of callbacks ends in WeCom's truth.
 */
const changed: CallbackHandler = async (context, corpId, callback) => {
  const chatId = text(callback, 'ChatId')
  if (!chatId) return async () => {}
  const delta = deltaOf(chatId, callback)
  const standing = delta && (await inCorp(context.db, corpId, (tx) => readVersion(tx, corpId, chatId)))
  const word = () => ({ source: 'callback' as const, now: context.clock.now() })
  if (delta && standing === delta.to) return (tx) => learnLeaving(tx, corpId, delta)
  if (delta && standing === delta.from)
    return async (tx) => {
      const done = await applyDelta(tx, corpId, delta, word())
      if (!done || delta.kind === 'add') await lookLater(tx, corpId, chatId)
      context.health.success(corpId, 'groups')
    }
  const askedAt = context.clock.now()
  const told = await ask(() => context.wecom(corpId).then((wecom) => wecom.groupChat.get(chatId)))
  return async (tx) => {
    if (told === 'none') {
      await endGroups(tx, corpId, [chatId], { by: 'dismissed', at: callback.createdAt }, word())
      if (callback.kind.endsWith('.create')) await lookLater(tx, corpId, chatId)
    } else if (told === 'orphaned') await orphanGroups(tx, corpId, [chatId])
    else {
      const believed = await applyGroups(tx, corpId, [{ chat: told, askedAt }], word())
      // The callback comes before the data: what was told may be the group as it was.
      const lags =
        !believed.has(chatId) || (delta ? told.member_version !== delta.to : callback.kind.endsWith('.update'))
      if (lags) await lookLater(tx, corpId, chatId)
      if (delta) await learnLeaving(tx, corpId, delta)
    }
    context.health.success(corpId, 'groups')
  }
}

/** A group that was dismissed does not come back. Were it not so, the reconciler would find it again. */
const dismissed: CallbackHandler = async (context, corpId, callback) => async (tx) => {
  const word = { source: 'callback' as const, now: context.clock.now() }
  await endGroups(tx, corpId, [text(callback, 'ChatId')], { by: 'dismissed', at: callback.createdAt }, word)
  context.health.success(corpId, 'groups')
}

async function ask<T>(get: () => Promise<T>): Promise<T | 'none' | 'orphaned'> {
  try {
    return await get()
  } catch (error) {
    if (error instanceof WecomError && NO_GROUP.has(error.errcode)) return 'none'
    if (error instanceof WecomError && OWNER_GONE.has(error.errcode)) return 'orphaned'
    throw error
  }
}

function deltaOf(chatId: string, callback: ReceivedCallback): Delta | undefined {
  const [detail, from, to] = ['UpdateDetail', 'LastMemVer', 'CurMemVer'].map((name) => text(callback, name))
  const kind = detail === 'add_member' ? 'add' : detail === 'del_member' ? 'remove' : undefined
  const list = findChild(callback.fields, 'MemChangeList')
  const items = list ? childTexts(list, 'Item') : []
  // Older payloads have the ids in one text, with commas between them.
  const userids = (items.length > 0 ? items : text(callback, 'MemChangeList').split(',')).filter(Boolean)
  if (!kind || !from || !to || from === to || userids.length === 0) return undefined
  const scene = (name: string) => (text(callback, name) === '' ? undefined : Number(text(callback, name)))
  const at = callback.createdAt
  return { chatId, kind, userids, from, to, at, joinScene: scene('JoinScene'), quitScene: scene('QuitScene') }
}

export const callbackHandlers: Readonly<Record<string, CallbackHandler>> = {
  'change_external_chat.create': changed,
  'change_external_chat.update': changed,
  'change_external_chat.dismiss': dismissed,
}
