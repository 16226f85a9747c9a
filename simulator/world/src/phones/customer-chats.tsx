import type { MomentOnPhone } from '../../../src/world/moments.ts'
import type { CorpView, CustomerDetail } from '../control-api.ts'
import type { Stage } from '../stage.ts'
import { Avatar } from '../ui/avatar.tsx'
import { BagIcon, PeopleIcon, RingIcon, ScanIcon } from '../ui/icons.tsx'
import { ScreenHead } from './phone-frame.tsx'
import { shopUrl } from './shop-url.ts'

interface CustomerChatsProps {
  corp: CorpView
  stage: Stage
  customer: CustomerDetail
  moments: readonly MomentOnPhone[]
  staffName(userid: string): string
  onCamera(): void
}

/** Whom of the company this customer has as a friend, or has asked. */
export function CustomerChats({ corp, stage, customer, moments, staffName, onCamera }: CustomerChatsProps) {
  const waiting = customer.pendingAdds.filter((add) => !customer.follows.some(({ userid }) => userid === add.userid))
  return (
    <>
      <ScreenHead
        title="消息"
        right={
          <button type="button" aria-label="扫码" onClick={onCamera}>
            <ScanIcon size={18} />
          </button>
        }
      />
      <ul className="inbox">
        {customer.follows.map(({ userid }) => (
          <li key={userid}>
            <button type="button" className="inbox-row" onClick={() => stage.playPair(customer.externalUserid, userid)}>
              <Avatar name={staffName(userid)} size={40} />
              <span className="inbox-words">
                <b>{staffName(userid)}</b>
                <small>{corp.name}</small>
              </span>
            </button>
          </li>
        ))}
        {moments.length > 0 && (
          <li>
            <button type="button" className="inbox-row" onClick={() => stage.show({ customer: 'moments' })}>
              <span className="notice-mark">
                <RingIcon size={20} />
              </span>
              <span className="inbox-words">
                <b>朋友圈</b>
                <small>
                  {moments[0]!.staffName}：{moments[0]!.bubbles[0]?.text}
                </small>
              </span>
            </button>
          </li>
        )}
        {customer.groups.map(({ chatId, name }) => (
          <li key={chatId}>
            <button type="button" className="inbox-row" onClick={() => stage.show({ customer: 'group', chatId })}>
              <span className="notice-mark">
                <PeopleIcon size={20} />
              </span>
              <span className="inbox-words">
                <b>{name || '客户群'}</b>
                <small>客户群</small>
              </span>
            </button>
          </li>
        ))}
        {waiting.map(({ userid }) => (
          <li key={userid} className="inbox-waiting">
            <Avatar name={staffName(userid)} size={40} />
            <span className="inbox-words">
              <b>{staffName(userid)}</b>
              <small>已发出申请，等对方通过</small>
            </span>
          </li>
        ))}
      </ul>
      {corp.shop && (
        <a className="inbox-row" href={shopUrl(corp, customer)} target="siyu-shop">
          <BagIcon size={22} />
          <span className="inbox-words">
            <b>线上茶铺</b>
            <small>浏览、收藏、下单会记进这位客户的动态</small>
          </span>
        </a>
      )}
      {customer.follows.length + waiting.length === 0 && (
        <div className="inbox-next">
          <ScanIcon size={22} />
          <span className="inbox-words">
            <b>还没有加过谁</b>
            <small>点右上角扫一个码</small>
          </span>
        </div>
      )}
    </>
  )
}
