import { useEffect, useRef, useState } from 'react'
import type { Group } from '../../../src/world/records.ts'
import type { CorpView, CustomerView } from '../control-api.ts'
import { usePhoneClient } from '../native/use-phone-client.ts'
import { createWebClient, type WebClientPlace } from '../native/web-client.ts'
import { Avatar } from '../ui/avatar.tsx'
import { BackIcon, OutIcon } from '../ui/icons.tsx'
import { useResource } from '../use-resource.ts'
import { ScreenHead } from './phone-frame.tsx'

interface WebViewProps {
  corp: CorpView
  url: string
  /** Who holds the phone. */
  who: string
  name: string
  friends: readonly CustomerView[]
  onForward(to: CustomerView, url: string): void
  onClose(): void
}

/** Long enough for a page to say goodbye. */
const GOODBYE_MS = 250

/** The browser inside somebody's WeChat, with our real page in it; forwarded, the friend's phone opens it. */
export function WebView(props: WebViewProps) {
  const { corp, url, who, name, friends, onForward, onClose } = props
  const frame = useRef<HTMLIFrameElement>(null)
  const [page, setPage] = useState({ url, title: '' })
  const [isForwarding, setForwarding] = useState(false)
  const { origin } = new URL(url)
  const leave = (then: () => void) => {
    frame.current?.contentWindow?.postMessage({ siyuPhone: 'close' }, origin)
    setTimeout(then, GOODBYE_MS)
  }
  const place: WebClientPlace = {
    corpid: corp.corpid,
    who,
    name,
    opened: url,
    at: setPage,
    close: () => leave(onClose),
  }
  const latest = useRef(place)
  useEffect(() => {
    latest.current = place
  })
  const [client] = useState(() => createWebClient(() => latest.current))
  usePhoneClient(frame, origin, client)

  return (
    <div className="web-view">
      <ScreenHead
        title={page.title || corp.name}
        left={
          <button type="button" aria-label="关掉网页" onClick={() => leave(onClose)}>
            <BackIcon size={18} />
          </button>
        }
        right={
          <button type="button" aria-label="转发" onClick={() => setForwarding(true)}>
            <OutIcon size={16} />
          </button>
        }
      />
      <iframe ref={frame} title={`${name}打开的网页`} src={url} />
      {isForwarding && (
        <ForwardSheet
          corp={corp}
          who={who}
          friends={friends}
          onPick={(to) => leave(() => onForward(to, page.url))}
          onClose={() => setForwarding(false)}
        />
      )}
    </div>
  )
}

interface ForwardSheetProps {
  corp: CorpView
  who: string
  friends: readonly CustomerView[]
  onPick(to: CustomerView): void
  onClose(): void
}

/** To whom: a friend, or whoever of a group opens it. */
function ForwardSheet({ corp, who, friends, onPick, onClose }: ForwardSheetProps) {
  const groups = useResource<{ groups: Group[] }>(`/corps/${corp.corpid}/groups`, [`groups:${corp.corpid}`]).data
    ?.groups
  const others = friends.filter(({ externalUserid }) => externalUserid !== who)
  const inGroups = (groups ?? [])
    .filter(({ members }) => members.some(({ id }) => id === who))
    .map((group) => ({
      ...group,
      readers: group.members.filter(({ type, id }) => type === 2 && id !== who).slice(0, 3),
    }))
    .filter(({ readers }) => readers.length > 0)
  return (
    <div className="forward-sheet" role="dialog" aria-label="转发给谁">
      <div className="sheet-head">
        <span>转发给朋友，他的手机会打开</span>
        <button type="button" onClick={onClose}>
          取消
        </button>
      </div>
      <ul className="inbox">
        {others.map((friend) => (
          <li key={friend.externalUserid}>
            <button type="button" className="inbox-row" onClick={() => onPick(friend)}>
              <Avatar name={friend.name} size={32} />
              <span className="inbox-words">
                <b>{friend.name}</b>
                {friend.persona && <small>{friend.persona}</small>}
              </span>
            </button>
          </li>
        ))}
        {inGroups.map(({ chatId, name, readers }) =>
          readers.map((member) => (
            <li key={`${chatId} ${member.id}`}>
              <button
                type="button"
                className="inbox-row"
                onClick={() =>
                  onPick({ externalUserid: member.id, name: member.name, type: 1, gender: 0, follows: [] })
                }
              >
                <Avatar name={member.name} size={32} />
                <span className="inbox-words">
                  <b>{member.name}</b>
                  <small>在「{name}」里看到</small>
                </span>
              </button>
            </li>
          )),
        )}
      </ul>
    </div>
  )
}
