import type { Corp } from '../world/corp.ts'
import type { Customer, Follow } from '../world/records.ts'
import { avatarUrl } from './avatar.ts'
import type { Body } from './params.ts'

/** `external_contact` as WeCom writes it: absent rather than null. */
export function customerView(customer: Customer, publicUrl: string): Body {
  const { externalUserid, name, type, gender, unionid, corpName, position } = customer
  const view: Body = {
    external_userid: externalUserid,
    name,
    type,
    avatar: avatarUrl(publicUrl, name),
    gender,
  }
  if (type === 1) view.unionid = unionid
  else Object.assign(view, { position, corp_name: corpName, corp_full_name: corpName })
  return view
}

const TAG_CORP = 1
const TAG_PERSONAL = 2

function sharedFields(follow: Follow): Body {
  const view: Body = {
    userid: follow.userid,
    remark: follow.remark,
    description: follow.description,
    createtime: follow.createtime,
    remark_mobiles: follow.remarkMobiles ?? [],
    add_way: follow.addWay,
    oper_userid: follow.operUserid,
  }
  if (follow.remarkCompany !== undefined) view.remark_corp_name = follow.remarkCompany
  if (follow.state !== undefined) view.state = follow.state
  return view
}

/** One row of `externalcontact/get`: tags with their names. */
export function followUserView(corp: Corp, follow: Follow): Body {
  const corpTags = follow.tags.map((id) => {
    const tag = corp.tags.get(id)!
    return { group_name: corp.tagGroups.get(tag.groupId)!.name, tag_name: tag.name, type: TAG_CORP, tag_id: id }
  })
  const personal = follow.personalTags.map((name) => ({ group_name: '', tag_name: name, type: TAG_PERSONAL }))
  return { ...sharedFields(follow), tags: [...corpTags, ...personal] }
}

/** `follow_info` of the batch call: ids of corp tags only. */
export function followInfoView(follow: Follow): Body {
  const view = sharedFields(follow)
  view.tag_id = follow.tags
  return view
}
