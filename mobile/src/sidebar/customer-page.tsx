import { useState } from 'react'
import { isOffline, Refused } from '../api/ask.ts'
import { Blank } from './app.tsx'
import { may } from './boot.ts'
import { DoCard } from './do-card.tsx'
import { Dock } from './dock.tsx'
import { HappenedCard } from './happened-card.tsx'
import { Notice } from './notice.tsx'
import { PreviewSheet } from './preview-sheet.tsx'
import { SayCard } from './say-card.tsx'
import { Toast, type Told } from './toast.tsx'
import { useCustomer } from './use-customer.ts'
import { useSending } from './use-sending.ts'
import { SeenCard, WhoCard } from './who-card.tsx'
import { say } from './words.ts'

/** What a card may do besides showing: say that something is done, with the way back, or that it was refused. */
export interface Acts {
  /** Does something, then reads anew. `undo` takes it back. */
  run<T>(act: () => Promise<T>, done: string, undo?: (result: T) => Promise<unknown>): Promise<boolean>
}

export function CustomerPage({ externalUserid, blank }: { externalUserid: string; blank: string }) {
  const customer = useCustomer(externalUserid)
  const [told, setTold] = useState<Told>()
  const { view, seen, error, offline, skewMs } = customer

  const sending = useSending(customer.about, setTold, () => void customer.refresh())
  const acts: Acts = {
    async run(act, done, undo) {
      try {
        const result = await act()
        void customer.refresh()
        setTold({ text: done, ...(undo && { undo: () => void acts.run(() => undo(result), say('undone')) }) })
        return true
      } catch (problem) {
        if (!(problem instanceof Refused)) throw problem
        setTold({ text: isOffline(problem) ? say('offline') : problem.message, bad: true })
        return false
      }
    },
  }

  if (view?.is === 'theirs') return <Notice title={say('notYours')} text={sayFollowers(view.followers)} />
  if (!view && error?.status === 404) return <Notice title={say('unknown')} text={say('unknownWhy')} />
  if (!view && error)
    return (
      <Notice title={say('failed')} text={error.message} action={say('retry')} onAct={() => void customer.refresh()} />
    )
  const nowMs = Date.now() + skewMs
  const maySend =
    may('content.read') &&
    may('contacts.write') &&
    view?.is === 'mine' &&
    view.pair !== null &&
    view.lostAt === null &&
    !offline
  return (
    <div className={maySend ? 'page docked' : 'page'}>
      {view ? (
        <main className="cards">
          <WhoCard view={view} about={customer.about} acts={acts} nowMs={nowMs} />
          <HappenedCard view={view} about={customer.about} nowMs={nowMs} />
          {maySend && <SayCard view={view} about={customer.about} sending={sending} />}
          <DoCard view={view} about={customer.about} acts={acts} nowMs={nowMs} />
        </main>
      ) : seen ? (
        <SeenCard seen={seen} blank={blank} />
      ) : (
        <Blank html={blank} />
      )}
      {maySend && <Dock about={customer.about} sending={sending} toWhom={view.name} />}
      {sending.shown && <PreviewSheet sending={sending} />}
      <Toast
        told={offline ? { text: say('offline'), bad: true, stays: true } : told}
        onGone={() => setTold(undefined)}
      />
    </div>
  )
}

function sayFollowers(names: readonly string[]): string {
  const [one] = names
  return one ? say('followedBy', { names: names.join('、'), one }) : say('nobodyFollows')
}
