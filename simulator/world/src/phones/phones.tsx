import type { CorpView, CustomerDetail, StaffView } from '../control-api.ts'
import type { Guide } from '../guide/use-guide.ts'
import type { useActs } from '../use-acts.ts'
import type { Scene } from '../use-scene.ts'
import type { PhoneSide } from './chat-notes.ts'
import { CustomerPhone } from './customer-phone.tsx'
import { StaffPhone } from './staff-phone.tsx'
import { WelcomeTail } from './welcome-tail.tsx'

interface PhonesProps {
  corp: CorpView
  scene: Scene
  customer: CustomerDetail
  staff: StaffView
  guide: Guide
  acts: ReturnType<typeof useActs>
  consoleUrl: string
  timelineUrl: string
  onAim(configId: string): void
  /** On a narrow page one phone is in sight. */
  onSee(side: PhoneSide): void
}

export function Phones({
  corp,
  scene,
  customer,
  staff,
  guide,
  acts,
  consoleUrl,
  timelineUrl,
  onAim,
  onSee,
}: PhonesProps) {
  const { stage, staffList, conversation, codes, way, codeStaff, inbox, tags } = scene
  const storeOf = (it: StaffView) =>
    staffList?.departments.find(({ id, parentId }) => id === it.departmentIds[0] && parentId !== 0)?.name ?? ''
  const staffName = (userid: string) => staffList?.staff.find((it) => it.userid === userid)?.name ?? '已离职的成员'
  const nameOf = (externalUserid: string) =>
    [customer, ...scene.cast].find((it) => it.externalUserid === externalUserid)?.name ?? '新客户'
  const isWaiting = guide.now === 1
  const isSilent = guide.welcome === 'missed' && conversation?.messages.at(-1)?.from === 'system'
  const tail = isWaiting ? (
    <WelcomeTail waitedMs={guide.waitedMs} hasReceiver={corp.receivers.app !== undefined} />
  ) : isSilent ? (
    <p className="chat-note missed">20 秒里没人发欢迎语，欢迎码已过期，没有补发</p>
  ) : undefined

  return (
    <div
      className="phones"
      onScroll={({ currentTarget }) => {
        const { scrollLeft, scrollWidth, clientWidth } = currentTarget
        onSee(scrollLeft > (scrollWidth - clientWidth) / 2 ? 'staff' : 'customer')
      }}
    >
      <CustomerPhone
        key={`customer ${customer.externalUserid}`}
        corp={corp}
        stage={stage}
        customer={customer}
        staff={staff}
        storeName={storeOf(staff)}
        conversation={conversation}
        staffName={staffName}
        way={way}
        wayStaff={codeStaff}
        consoleUrl={consoleUrl}
        friends={scene.cast}
        isBusy={acts.isBusy}
        moments={scene.moments}
        groupTalk={scene.groupTalk}
        acts={acts}
        scanIsNext={guide.now === 0}
        welcomeTail={tail}
        onAim={onAim}
        onScan={acts.scan}
        onSay={acts.customerSays}
        onDelete={acts.customerDeletes}
      />
      <StaffPhone
        key={`staff ${staff.userid}`}
        corp={corp}
        stage={stage}
        customer={customer}
        staff={staff}
        storeName={storeOf(staff)}
        conversation={conversation}
        inbox={inbox}
        notices={scene.notices}
        acts={acts}
        tags={tags}
        metWay={codes.find(({ configId }) => configId === conversation?.follow?.configId)}
        consoleUrl={consoleUrl}
        timelineUrl={timelineUrl}
        step={guide.now === 2 ? 3 : guide.now === 3 ? 4 : undefined}
        nameOf={nameOf}
        onSay={acts.staffSays}
        onEdit={acts.edit}
        onAccept={acts.accept}
        onDelete={acts.staffDeletes}
        onTouch={(part) => {
          if (part === 'suggested-tag') guide.markTagged()
          if (part === 'timeline') guide.markOpened()
        }}
      />
    </div>
  )
}
