import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { isOffline, Refused } from '../api/ask.ts'
import { type ChatView, intoChat } from '../api/chat.ts'
import { Avatar } from '../ui/avatar.tsx'
import { yuan } from '../words/numbers.ts'
import { may } from './boot.ts'
import { sayChat } from './chat-words.ts'
import { Dock } from './dock.tsx'
import { Notice } from './notice.tsx'
import { opening } from './opening.ts'
import { PreviewSheet } from './preview-sheet.tsx'
import { Toast, type Told } from './toast.tsx'
import { useSending } from './use-sending.ts'
import { say } from './words.ts'

/** So many at first; the rest at a tap. */
const SHOWN = 6

/** Beside a group of customers: how it does, who of its people matters, and what to send into it. */
// biome-ignore lint/style/noDefaultExport: what React loads later is named so
export default function ChatPage({ chatId, skeleton }: { chatId: string; skeleton: ReactNode }) {
  const chat = useMemo(() => intoChat(chatId), [chatId])
  const [view, setView] = useState<ChatView>()
  const [error, setError] = useState<Refused>()
  const [told, setTold] = useState<Told>()
  const read = useCallback(() => {
    setError(undefined)
    void chat.read().then(setView, (problem: unknown) => {
      if (!(problem instanceof Refused)) throw problem
      setError(problem)
    })
  }, [chat])
  useEffect(read, [read])
  const sending = useSending(chat, setTold, () => undefined)
  if (!view && error?.status === 404) return <Notice title={sayChat('chat')} text={sayChat('chatUnknown')} />
  if (!view && error)
    return (
      <Notice
        title={say('failed')}
        text={isOffline(error) ? say('offline') : error.message}
        action={say('retry')}
        onAct={read}
      />
    )
  if (!view) return skeleton
  const maySend = may('content.read') && may('contacts.write')
  return (
    <div className={maySend ? 'page docked' : 'page'}>
      <main className="cards">
        <Head view={view} />
        <People view={view} />
      </main>
      {maySend && <Dock about={chat} sending={sending} toWhom={view.name || sayChat('chat')} />}
      {sending.shown && <PreviewSheet sending={sending} />}
      <Toast told={told} onGone={() => setTold(undefined)} />
    </div>
  )
}

function Head({ view }: { view: ChatView }) {
  const facts: [string, string][] = [
    [sayChat('chatMembers'), String(view.members)],
    [sayChat('chatCustomers'), String(view.customers)],
    [sayChat('chatWeek'), `+${view.joined7} −${view.left7}`],
    [sayChat('chatAlive'), view.level && view.score !== null ? `${view.score} ${sayChat(`level_${view.level}`)}` : '—'],
  ]
  return (
    <section className="card" aria-label={sayChat('chat')}>
      <header>
        <h2>{view.name || sayChat('chatUnnamed')}</h2>
        <span className="low">{sayChat('chatOwner', { name: view.owner })}</span>
      </header>
      <dl className="group-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {view.notice && <p className="low">{view.notice}</p>}
    </section>
  )
}

function People({ view }: { view: ChatView }) {
  const [whole, setWhole] = useState(false)
  const open = (externalUserid: string) =>
    void opening.then((client) => client.openProfile(externalUserid)).catch((error: unknown) => console.error(error))
  return (
    <section className="card" aria-label={sayChat('chatPeople')}>
      <header>
        <h2>{sayChat('chatPeople')}</h2>
        {view.people.length > SHOWN && (
          <button type="button" className="quiet" onClick={() => setWhole(!whole)} aria-expanded={whole}>
            {whole ? sayChat('less') : sayChat('chatAll', { n: view.people.length })}
          </button>
        )}
      </header>
      {view.people.length === 0 && <p className="low">{sayChat('chatNobody')}</p>}
      <ul className="rows">
        {view.people.slice(0, whole ? undefined : SHOWN).map((one) => (
          <li key={one.externalUserid}>
            <button type="button" className="group-person" onClick={() => open(one.externalUserid)}>
              <Avatar name={one.name} url={one.avatar} />
              <span className="found">
                <b>{one.name}</b>
                <small>
                  {[
                    one.mine && sayChat('chatMine'),
                    one.stage?.name,
                    one.opens > 0 && sayChat('chatOpens', { n: one.opens }),
                  ]
                    .filter(Boolean)
                    .join(' · ') || sayChat('chatQuiet')}
                </small>
              </span>
              {one.spentFen !== null && one.spentFen > 0 && (
                <span className="group-worth">
                  {yuan(one.spentFen)}
                  <small>{sayChat('chatOrders', { n: one.orders ?? 0 })}</small>
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
