import { type ReactNode, useState } from 'react'
import type { MomentOnPhone } from '../../../src/world/moments.ts'
import { CODE_DRAG_TYPE } from '../cast/code-row.tsx'
import type {
  Conversation,
  CorpView,
  CustomerDetail,
  CustomerView,
  GroupChat,
  StaffView,
  WayView,
} from '../control-api.ts'
import type { Stage } from '../stage.ts'
import { spaceHan } from '../ui/han-spacing.ts'
import { BackIcon, BagIcon, ScanIcon, UnfriendIcon } from '../ui/icons.tsx'
import type { useActs } from '../use-acts.ts'
import { Camera } from './camera.tsx'
import { ChatView } from './chat-view.tsx'
import { Composer } from './composer.tsx'
import { Confirm } from './confirm.tsx'
import { CustomerChats } from './customer-chats.tsx'
import { CustomerMoments } from './customer-moments.tsx'
import { GroupTalk } from './group-talk.tsx'
import { OpenPage } from './open-page.ts'
import { PhoneFrame, ScreenHead } from './phone-frame.tsx'
import { shopUrl } from './shop-url.ts'
import { WebView } from './web-view.tsx'

const TEA_LINES = ['冷泡会苦吗？', '你们几点关门', '想挑份礼盒送长辈']
const PLAIN_LINES = ['在吗？', '想问一下', '好的，谢谢']

interface CustomerPhoneProps {
  corp: CorpView
  stage: Stage
  customer: CustomerDetail
  staff?: StaffView
  storeName: string
  conversation?: Conversation
  staffName(userid: string): string
  way?: WayView
  wayStaff?: StaffView
  /** Whose pages open inside the phone. */
  consoleUrl: string
  /** To whom he may forward one. */
  friends: readonly CustomerView[]
  moments: readonly MomentOnPhone[]
  groupTalk?: GroupChat
  acts: ReturnType<typeof useActs>
  isBusy: boolean
  /** The scan is the next step of the path. */
  scanIsNext: boolean
  welcomeTail?: ReactNode
  onAim(configId: string): void
  onScan(): void
  onSay(text: string): void
  onDelete(): void
}

export function CustomerPhone(props: CustomerPhoneProps) {
  const { corp, stage, customer, staff, conversation, way, wayStaff, onAim } = props
  const [isParting, setParting] = useState(false)
  const isFriend = conversation?.follow !== undefined
  const hasChat = (conversation?.messages.length ?? 0) > 0
  const screen = stage.screens.customer ?? (hasChat || isFriend ? 'chat' : 'camera')
  const pending = customer.pendingAdds.find(({ userid }) => userid === staff?.userid)
  const drop = (event: React.DragEvent) => {
    const configId = event.dataTransfer.getData(CODE_DRAG_TYPE)
    if (configId) onAim(configId)
  }
  const openPage = { origin: new URL(props.consoleUrl).origin, open: (page: string) => stage.show({ page }) }
  const openCamera = () => stage.show({ customer: 'camera', found: false })

  return (
    <PhoneFrame
      id="phone-customer"
      owner={customer.name}
      work="顾客"
      isDark={screen === 'camera'}
      aside={hasChat && screen === 'chat' && <span className="same-talk">⇋ 同一段对话</span>}
      onDrop={drop}
    >
      {screen === 'camera' && (
        <Camera
          corpName={corp.name}
          way={way}
          staff={wayStaff}
          isFound={stage.screens.found}
          isNextStep={props.scanIsNext}
          isBusy={props.isBusy}
          onRead={() => way && onAim(way.configId)}
          onAdd={props.onScan}
          onLeave={customer.follows.length > 0 || hasChat ? () => stage.show({ customer: 'chats' }) : undefined}
        />
      )}
      {screen === 'chats' && (
        <CustomerChats
          corp={corp}
          stage={stage}
          customer={customer}
          staffName={props.staffName}
          moments={props.moments}
          onCamera={openCamera}
        />
      )}
      {screen === 'moments' && (
        <OpenPage value={openPage}>
          <CustomerMoments
            customerName={customer.name}
            moments={props.moments}
            onBack={() => stage.show({ customer: 'chats' })}
            onLike={props.acts.momentLike}
            onComment={props.acts.momentComment}
          />
        </OpenPage>
      )}
      {screen === 'group' && (
        <OpenPage value={openPage}>
          <GroupTalk
            name={customer.groups.find(({ chatId }) => chatId === stage.screens.chatId)?.name ?? ''}
            talk={props.groupTalk}
            onBack={() => stage.show({ customer: 'chats', chatId: undefined })}
          />
        </OpenPage>
      )}
      {screen === 'chat' && staff && (
        <>
          <ScreenHead
            title={staff.name}
            sub={[corp.name, props.storeName].filter(Boolean).join(' · ')}
            left={
              <button type="button" aria-label="返回" onClick={() => stage.show({ customer: 'chats' })}>
                <BackIcon size={18} />
              </button>
            }
          />
          <OpenPage value={openPage}>
            <ChatView
              side="customer"
              messages={conversation?.messages ?? []}
              names={{ customer: customer.name, staff: staff.name }}
              tail={
                pending && !isFriend ? <p className="chat-note">已发出申请，等{staff.name}通过</p> : props.welcomeTail
              }
            />
          </OpenPage>
          <Composer
            placeholder={spaceHan(`替${customer.name}说一句`)}
            lines={corp.key === 'demo' ? TEA_LINES : PLAIN_LINES}
            blocked={
              isFriend
                ? undefined
                : pending
                  ? spaceHan(`等${staff.name}通过，就能聊了`)
                  : `现在不是好友，说不了话。扫码就能加${hasChat ? '回来' : '上'}`
            }
            onSay={props.onSay}
          />
          <div className="can-do">
            <p>{spaceHan(`${customer.name}还可以`)} · 单聊不产生回调，右边不会多一行</p>
            <button type="button" onClick={openCamera}>
              <ScanIcon /> 扫码
            </button>
            <button type="button" className="danger" disabled={!isFriend} onClick={() => setParting(true)}>
              <UnfriendIcon /> 删好友
            </button>
            {corp.shop && (
              <a className="wide" href={shopUrl(corp, customer)} target="siyu-shop">
                <BagIcon /> 逛线上茶铺
              </a>
            )}
          </div>
          {isParting && (
            <Confirm
              title={spaceHan(`删掉${staff.name}？`)}
              what={spaceHan(`${staff.name}收不到提醒，本系统会收到 del_follow_user 回调。`)}
              verb="删好友"
              onNo={() => setParting(false)}
              onYes={() => {
                setParting(false)
                props.onDelete()
              }}
            />
          )}
        </>
      )}
      {stage.screens.page && (
        <WebView
          key={stage.screens.page}
          corp={corp}
          url={stage.screens.page}
          who={customer.externalUserid}
          name={customer.name}
          friends={props.friends}
          onForward={(to, page) => {
            stage.play(to)
            stage.show({ page })
          }}
          onClose={() => stage.show({ page: undefined })}
        />
      )}
    </PhoneFrame>
  )
}
