import { lazy, Suspense, useEffect, useState } from 'react'
import type { Place } from '../client/client.ts'
import { CustomerPage } from './customer-page.tsx'
import { Notice } from './notice.tsx'
import { opening } from './opening.ts'
import { say } from './words.ts'

/** Most chats are with one person: what groups need is read where one is opened. */
const ChatPage = lazy(() => import('./chat-page.tsx'))

/** Asks the client whom this chat is with, and shows him. `blank`: what stands meanwhile. */
export function App({ blank }: { blank: string }) {
  const [place, setPlace] = useState<Place | 'asking'>('asking')
  useEffect(() => {
    void opening
      .then((client) => client.place())
      .then(setPlace, (error: unknown) => {
        console.error(error)
        setPlace({ is: 'nowhere', why: 'client' })
      })
  }, [])
  const skeleton = <Blank html={blank} />
  if (place === 'asking') return skeleton
  if (place.is === 'customer') return <CustomerPage key={place.id} externalUserid={place.id} blank={blank} />
  if (place.is === 'chat')
    return (
      <Suspense fallback={skeleton}>
        <ChatPage chatId={place.id} skeleton={skeleton} />
      </Suspense>
    )
  return place.why === 'client' ? (
    <Notice title={say('noClient')} action={say('retry')} onAct={() => location.reload()} />
  ) : (
    <Notice title={say('noContext')} text={say('noContextWhy')} />
  )
}

export function Blank({ html }: { html: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the page's own markup, put back where it stood
  return <div style={{ display: 'contents' }} dangerouslySetInnerHTML={{ __html: html }} />
}
