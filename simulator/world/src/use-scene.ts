import { useCast } from './cast/use-cast.ts'
import type { Conversation, Inbox, StaffList, TagList, WayView } from './control-api.ts'
import { useStage } from './stage.ts'
import { SLOW_GAP_MS, useResource } from './use-resource.ts'

/** Everything the two phones and the cast show of one company, kept fresh. */
export function useScene(corpid: string) {
  const stage = useStage(corpid)
  const staffList = useResource<StaffList>(
    `/corps/${corpid}/staff`,
    [`staff:${corpid}`, `follow:${corpid}`],
    SLOW_GAP_MS,
  )
  const ways = useResource<{ contactWays: WayView[] }>(
    `/corps/${corpid}/contact-ways`,
    [`ways:${corpid}`, `follow:${corpid}`],
    SLOW_GAP_MS,
  )
  const tags = useResource<TagList>(`/corps/${corpid}/tags`, [`tags:${corpid}`])
  const { cast, onStageId: customerId, onStage } = useCast(corpid, stage.customerId)
  const staff = staffList.data?.staff.find(({ userid }) => userid === stage.userid) ?? staffList.data?.staff[0]

  const pair =
    staff && customerId !== undefined && `${encodeURIComponent(staff.userid)}/${encodeURIComponent(customerId)}`
  const conversation = useResource<Conversation>(pair ? `/corps/${corpid}/conversations/${pair}` : null, [
    `message:${corpid}:${staff?.userid}:${customerId}`,
    `follow:${corpid}:${customerId}`,
    `customer:${corpid}:${customerId}`,
  ])
  const inbox = useResource<Inbox>(
    staff ? `/corps/${corpid}/staff/${encodeURIComponent(staff.userid)}/inbox?limit=30` : null,
    [`message:${corpid}:${staff?.userid}`, `follow:${corpid}`, `customer:${corpid}`],
  )
  const codes = (ways.data?.contactWays ?? []).filter(({ scene }) => scene === 2)
  const way = codes.find(({ configId }) => configId === stage.screens.configId) ?? codes[0]
  const codeStaff =
    way && way.parties.length === 0 && way.users.length === 1
      ? staffList.data?.staff.find(({ userid }) => userid === way.users[0])
      : undefined
  return {
    stage,
    staffList: staffList.data,
    codes,
    way,
    codeStaff,
    tags: tags.data,
    cast: cast ?? [],
    customer: onStage.data,
    staff,
    conversation: conversation.data,
    inbox: inbox.data,
    error: staffList.error ?? onStage.error,
    /** A request to add is told to nobody: who made it reads again. */
    refresh() {
      inbox.refresh()
      onStage.refresh()
      ways.refresh()
    },
  }
}

export type Scene = ReturnType<typeof useScene>
