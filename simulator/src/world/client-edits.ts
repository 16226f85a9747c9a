import type { Corp } from './corp.ts'
import { emit } from './events.ts'
import { nameOf, requireFollow, staffNameOf } from './known.ts'
import { Refusal } from './refusal.ts'
import type { World } from './world.ts'

export interface FollowEdit {
  remark?: string
  description?: string
  remarkMobiles?: string[]
  remarkCompany?: string
  addTags?: string[]
  removeTags?: string[]
  /** Replaces the member's own tags, which never have an id. */
  personalTags?: string[]
}

/** The member edits a customer in the client. Unlike the same edit by API, this calls back. */
export function editInClient(world: World, corp: Corp, userid: string, externalUserid: string, edit: FollowEdit): void {
  const follow = requireFollow(corp, userid, externalUserid)
  for (const id of edit.addTags ?? []) if (!corp.tags.has(id)) throw new Refusal('tag.unknown', `没有这个标签：${id}`)
  const removed = new Set(edit.removeTags)
  const kept = follow.tags.filter((id) => !removed.has(id))
  follow.tags = [...new Set([...kept, ...(edit.addTags ?? [])])]
  follow.remark = edit.remark ?? follow.remark
  follow.description = edit.description ?? follow.description
  follow.remarkMobiles = edit.remarkMobiles ?? follow.remarkMobiles
  follow.remarkCompany = edit.remarkCompany ?? follow.remarkCompany
  follow.personalTags = edit.personalTags ?? follow.personalTags
  corp.saveFollow(follow)
  emit(world, corp, {
    event: 'change_external_contact',
    changeType: 'edit_external_contact',
    about: externalUserid,
    sentence: `${staffNameOf(corp, userid)}改了${nameOf(corp, externalUserid)}的${editedWhat(edit)}`,
    fields: { UserID: follow.userid, ExternalUserID: externalUserid },
  })
  world.wire.tell({ type: 'world', corpid: corp.info.corpid, what: 'follow', id: externalUserid })
}

function editedWhat(edit: FollowEdit): string {
  const parts = [
    edit.remark !== undefined && '备注',
    edit.description !== undefined && '描述',
    edit.remarkMobiles && '电话',
    edit.remarkCompany !== undefined && '企业',
    (edit.addTags || edit.removeTags || edit.personalTags) && '标签',
  ].filter((part) => part !== false && part !== undefined)
  return parts.join('、') || '资料'
}
