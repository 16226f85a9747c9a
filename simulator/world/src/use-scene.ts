import { useMemo } from 'react'
import type { MomentOnPhone } from '../../src/world/moments.ts'
import { orderCodes, orderStaff } from './cast/demo-order.ts'
import { useCast } from './cast/use-cast.ts'
import type { Conversation, GroupChat, Inbox, Notices, StaffList, TagList, WayView } from './control-api.ts'
import { ASKED_STATE, useStage } from './stage.ts'
import { SLOW_GAP_MS, useResource } from './use-resource.ts'

/** Everything the two phones and the cast show of one company, kept fresh. */
export function useScene(corpid: string) {
  const stage = useStage(corpid)
  const readStaff = useResource<StaffList>(
    `/corps/${corpid}/staff`,
    [`staff:${corpid}`, `follow:${corpid}`],
    SLOW_GAP_MS,
  )
  const staffList = useMemo(
    () => readStaff.data && { ...readStaff.data, staff: orderStaff(readStaff.data.staff) },
    [readStaff.data],
  )
  const ways = useResource<{ contactWays: WayView[] }>(`/corps/${corpid}/contact-ways`, [`ways:${corpid}`])
  const tags = useResource<TagList>(`/corps/${corpid}/tags`, [`tags:${corpid}`])
  const { cast, onStageId: customerId, onStage } = useCast(corpid, stage.customerId)
  const known = (onStage.data ?? cast?.find((it) => it.externalUserid === customerId))?.follows.at(-1)
  const wanted = stage.userid ?? known?.userid
  const staff = staffList?.staff.find(({ userid }) => userid === wanted) ?? staffList?.staff[0]

  const pair =
    staff && customerId !== undefined && `${encodeURIComponent(staff.userid)}/${encodeURIComponent(customerId)}`
  const conversation = useResource<Conversation>(pair ? `/corps/${corpid}/conversations/${pair}` : null, [
    `message:${corpid}:${staff?.userid}:${customerId}`,
    `follow:${corpid}:${customerId}`,
    `customer:${corpid}:${customerId}`,
  ])
  const inbox = useResource<Inbox>(
    staff ? `/corps/${corpid}/staff/${encodeURIComponent(staff.userid)}/inbox?limit=30` : null,
    [`message:${corpid}:${staff?.userid}`, `follow:${corpid}`, `customer:${corpid}`, `app_message:${corpid}`],
  )
  const notices = useResource<Notices>(
    staff ? `/corps/${corpid}/staff/${encodeURIComponent(staff.userid)}/notices` : null,
    [`mass:${corpid}`, `moment:${corpid}`, 'clock'],
  )
  const seen = useResource<{ moments: MomentOnPhone[] }>(
    customerId !== undefined ? `/corps/${corpid}/customers/${encodeURIComponent(customerId)}/moments` : null,
    [`moment:${corpid}`, `follow:${corpid}:${customerId}`],
  )
  const { chatId } = stage.screens
  const groupTalk = useResource<GroupChat>(
    chatId === undefined ? null : `/corps/${corpid}/groups/${encodeURIComponent(chatId)}/chat`,
    [`message:${corpid}:${chatId}`, `group:${corpid}:${chatId}`],
  )
  const codes = useMemo(
    () => orderCodes((ways.data?.contactWays ?? []).filter(({ scene }) => scene === 2)),
    [ways.data],
  )
  const way =
    codes.find(({ configId }) => configId === stage.screens.configId) ??
    codes.find(({ state }) => state === ASKED_STATE) ??
    codes[0]
  const codeStaff =
    way && way.parties.length === 0 && way.users.length === 1
      ? staffList?.staff.find(({ userid }) => userid === way.users[0])
      : undefined
  return {
    stage,
    staffList,
    codes,
    way,
    codeStaff,
    tags: tags.data,
    cast: cast ?? [],
    customer: onStage.data,
    staff,
    conversation: conversation.data,
    inbox: inbox.data,
    notices: notices.data,
    moments: seen.data?.moments ?? [],
    groupTalk: groupTalk.data,
    error: readStaff.error ?? onStage.error,
    /** A request to add is told to nobody: who made it reads again. */
    refresh() {
      inbox.refresh()
      onStage.refresh()
      ways.refresh()
    },
  }
}

export type Scene = ReturnType<typeof useScene>
