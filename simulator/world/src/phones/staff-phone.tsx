import { type ReactNode, useState } from 'react'
import type {
  Conversation,
  CorpView,
  CustomerDetail,
  Inbox,
  Notices,
  StaffView,
  TagList,
  WayView,
} from '../control-api.ts'
import type { Stage } from '../stage.ts'
import { spaceHan } from '../ui/han-spacing.ts'
import { BackIcon } from '../ui/icons.tsx'
import type { useActs } from '../use-acts.ts'
import { AppBanner } from './app-messages.tsx'
import { ChatView } from './chat-view.tsx'
import { Composer } from './composer.tsx'
import { Confirm } from './confirm.tsx'
import { type CardEdit, CustomerCard } from './customer-card.tsx'
import { GroupScreen } from './group-screen.tsx'
import { MassAssistant, MomentAssistant } from './mass-assistant.tsx'
import { PhoneFrame, ScreenHead } from './phone-frame.tsx'
import { SidebarPanel } from './sidebar-panel.tsx'
import { StaffInbox } from './staff-inbox.tsx'

const TEA_LINES = ['几乎不苦，怕苦我给您配碧潭小样。', '晚上十点，九点半前都能坐。', '在的，您说。']
const PLAIN_LINES = ['在的，您说。', '我看一下马上回您。', '好的，给您留着。']

interface StaffPhoneProps {
  corp: CorpView
  stage: Stage
  customer: CustomerDetail
  staff: StaffView
  storeName: string
  conversation?: Conversation
  inbox?: Inbox
  notices?: Notices
  acts: ReturnType<typeof useActs>
  tags?: TagList
  metWay?: WayView
  consoleUrl: string
  timelineUrl: string
  /** The step of the guided path that is taken in the sidebar. */
  step?: 3 | 4
  nameOf(externalUserid: string): string
  welcomeTail?: ReactNode
  onSay(text: string): void
  onEdit(edit: CardEdit): void
  onAccept(externalUserid: string): void
  onDelete(): void
  /** A thing of the sidebar was touched. */
  onTouch(part: string): void
}

export function StaffPhone(props: StaffPhoneProps) {
  const { corp, stage, customer, staff, storeName, conversation, inbox } = props
  const [isParting, setParting] = useState(false)
  const [chatId, setChatId] = useState<string>()
  const follow = conversation?.follow
  const hasChat = (conversation?.messages.length ?? 0) > 0
  const screen = stage.screens.staff ?? (hasChat || follow ? 'chat' : 'inbox')
  // Whoever has not been accepted yet is accepted on WeCom's own card.
  const panel = !follow ? 'none' : follow.half && stage.screens.panel === 'sidebar' ? 'card' : stage.screens.panel
  const title = follow?.remark || customer.name

  return (
    <PhoneFrame
      id="phone-staff"
      owner={staff.name}
      work={[staff.position, storeName].filter(Boolean).join(' · ') || '成员'}
    >
      <AppBanner key={staff.userid} messages={inbox?.appMessages} />
      {screen === 'mass' ? (
        <MassAssistant
          notices={props.notices?.mass ?? []}
          isBusy={props.acts.isBusy}
          onBack={() => stage.show({ staff: 'inbox' })}
          onSend={props.acts.massSend}
          onLater={props.acts.massLater}
          onDecline={props.acts.massDecline}
        />
      ) : screen === 'moments' ? (
        <MomentAssistant
          notices={props.notices?.moments ?? []}
          isBusy={props.acts.isBusy}
          onBack={() => stage.show({ staff: 'inbox' })}
          onPublish={props.acts.momentPublish}
          onLater={props.acts.momentLater}
          onDecline={props.acts.momentDecline}
        />
      ) : chatId ? (
        <GroupScreen
          key={`${staff.userid} ${chatId}`}
          corp={corp}
          staff={staff}
          chatId={chatId}
          consoleUrl={props.consoleUrl}
          onBack={() => setChatId(undefined)}
          onOpen={(externalUserid) => {
            setChatId(undefined)
            stage.playPair(externalUserid, staff.userid)
          }}
        />
      ) : screen === 'inbox' ? (
        <StaffInbox
          inbox={inbox}
          customer={customer}
          staffName={staff.name}
          isFriend={follow !== undefined}
          notices={props.notices}
          onNotices={(which) => stage.show({ staff: which })}
          nameOf={props.nameOf}
          onOpen={(externalUserid) => stage.playPair(externalUserid, staff.userid)}
          onAccept={props.onAccept}
          onGroup={setChatId}
        />
      ) : (
        <>
          <ScreenHead
            title={title}
            sub={customer.type === 1 ? '微信客户' : `企业微信用户${customer.corpName ? ` · ${customer.corpName}` : ''}`}
            left={
              <button type="button" aria-label="返回" onClick={() => stage.show({ staff: 'inbox' })}>
                <BackIcon size={18} />
              </button>
            }
            right={
              follow && (
                <button
                  type="button"
                  className="head-words"
                  aria-pressed={panel === 'sidebar'}
                  onClick={() => stage.show({ panel: panel === 'none' ? 'sidebar' : 'none' })}
                >
                  侧边栏
                </button>
              )
            }
          />
          <ChatView
            side="staff"
            messages={conversation?.messages ?? []}
            names={{ customer: customer.name, staff: staff.name }}
            tail={props.welcomeTail}
          />
          {panel === 'sidebar' ? (
            <SidebarPanel
              key={`${staff.userid} ${customer.externalUserid}`}
              corp={corp}
              beside={{ externalUserid: customer.externalUserid }}
              toWhom={customer.name}
              staff={staff}
              consoleUrl={props.consoleUrl}
              step={props.step}
              onTouch={props.onTouch}
              onProfile={() => stage.show({ panel: 'card' })}
              onClose={() => stage.show({ panel: 'none' })}
            />
          ) : panel === 'card' && follow && props.tags ? (
            <CustomerCard
              key={`${follow.userid} ${follow.externalUserid}`}
              customer={customer}
              follow={follow}
              tagGroups={props.tags.tagGroups}
              metWay={props.metWay}
              timelineUrl={props.timelineUrl}
              onEdit={props.onEdit}
              onAccept={() => props.onAccept(customer.externalUserid)}
              onClose={() => stage.show({ panel: follow.half ? 'none' : 'sidebar' })}
              onDelete={() => setParting(true)}
            />
          ) : (
            <Composer
              placeholder={spaceHan(`替${staff.name}回一句`)}
              lines={corp.key === 'demo' ? TEA_LINES : PLAIN_LINES}
              blocked={follow ? undefined : spaceHan(`${customer.name}现在不是好友，消息发不出去`)}
              onSay={props.onSay}
            />
          )}
          {isParting && (
            <Confirm
              title={spaceHan(`删除客户${customer.name}？`)}
              what="备注和标签一起没了。本系统会收到 del_external_contact 回调。"
              verb="删除客户"
              onNo={() => setParting(false)}
              onYes={() => {
                setParting(false)
                props.onDelete()
              }}
            />
          )}
        </>
      )}
    </PhoneFrame>
  )
}
