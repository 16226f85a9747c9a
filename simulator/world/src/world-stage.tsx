import { useEffect, useState } from 'react'
import { ControlBar, HOUR_S } from './bars/control-bar.tsx'
import { useFaults } from './bars/use-world-controls.ts'
import { CastPanel } from './cast/cast-panel.tsx'
import { codeName } from './cast/code-row.tsx'
import { useClock } from './clock.ts'
import { ControlError, type CorpView, type SettingsView, type WayView } from './control-api.ts'
import { GuideStrip } from './guide/guide-strip.tsx'
import { bandOf, pronounOf } from './guide/guide-words.ts'
import { useGuide, WELCOME_LIMIT_MS } from './guide/use-guide.ts'
import { tapInSidebar } from './native/use-phone-client.ts'
import type { PhoneSide } from './phones/chat-notes.ts'
import { Phones } from './phones/phones.tsx'
import { ShopPanel } from './shops/shop-panel.tsx'
import { spaceHan } from './ui/han-spacing.ts'
import { PeopleIcon, WireIcon } from './ui/icons.tsx'
import { useActs } from './use-acts.ts'
import { useKeys } from './use-keys.ts'
import { useScene } from './use-scene.ts'
import { useUnseen } from './wire/use-unseen.ts'
import { WirePanel } from './wire/wire-panel.tsx'

/** How long the camera takes to read a code: long enough to be seen, short enough not to be waited for. */
const READ_MS = 650

interface WorldStageProps {
  corp: CorpView
  settings?: SettingsView
  consoleUrl: string
  onRefused(sentence: string): void
}

export function WorldStage({ corp, settings, consoleUrl, onRefused }: WorldStageProps) {
  const scene = useScene(corp.corpid)
  const { stage, customer, staff, way, codeStaff, conversation } = scene
  const guide = useGuide(`${corp.corpid}:${customer?.externalUserid}:${staff?.userid}`, conversation)
  const acts = useActs(corp.corpid, scene, guide, onRefused)
  const faults = useFaults()
  const { paused } = useClock()
  const [drawer, setDrawer] = useState<'cast' | 'wire'>()
  const [isAway, setAway] = useState(false)
  const [seen, setSeen] = useState<PhoneSide>('customer')
  const unseen = useUnseen(corp.corpid, drawer === 'wire')
  const hasReceiver = corp.receivers.app !== undefined
  const timelineUrl = `${consoleUrl}/open/contact/${encodeURIComponent(customer?.externalUserid ?? '')}`
  const { found } = stage.screens

  const aim = (wanted: string) => {
    setDrawer(undefined)
    stage.aim(wanted)
    showPhone('customer')
    setTimeout(() => stage.show({ found: true }), READ_MS)
  }
  const tap = (...parts: string[]) => {
    stage.show({ panel: 'sidebar' })
    tapInSidebar(new URL(consoleUrl).origin, parts)
  }
  const pending = customer?.pendingAdds.find(({ userid }) => userid === staff?.userid)
  const doIt = [
    pending ? () => acts.accept(pending.externalUserid) : way && acts.scan,
    undefined,
    () => tap('suggested-tag', 'add-tag'),
    () => tap('timeline'),
  ][guide.now]

  useKeys({
    '1': () => enterPhone('customer'),
    '2': () => enterPhone('staff'),
    ' ': () => acts.setClock({ paused: !paused }),
    ']': () => acts.setClock({ jumpSeconds: HOUR_S }),
    Escape: () => setDrawer(undefined),
  })
  // The sidebar comes up when it holds the next step, and on a narrow page its phone does.
  const { show } = stage
  useEffect(() => {
    if (guide.now === 2 || guide.now === 3) show({ panel: 'sidebar' })
    if (guide.now === 2 || guide.now === 3) showPhone('staff')
  }, [guide.now, show])

  const wireOpener = (
    <button
      type="button"
      className={isAway ? 'button small wire-opener away' : 'button small wire-opener'}
      onClick={() => setDrawer('wire')}
    >
      <WireIcon size={14} /> 接口往来
      {unseen > 0 && <b>{unseen}</b>}
    </button>
  )
  return (
    <>
      <ControlBar
        faults={faults.view}
        onClock={acts.setClock}
        onFlip={(it) =>
          void faults.flipSwitch(it).catch((error: unknown) => {
            if (!(error instanceof ControlError)) throw error
            onRefused(error.message)
          })
        }
      >
        <ShopPanel />
        {wireOpener}
      </ControlBar>
      <div className={drawer ? `columns ${drawer}-open` : 'columns'}>
        <nav className="cast" aria-label="角色和码">
          <CastPanel
            corp={corp}
            settings={settings}
            onStage={customer}
            cast={scene.cast}
            staffList={scene.staffList}
            ways={scene.codes}
            userid={staff?.userid}
            nextConfigId={conversation?.follow ? conversation.follow.configId : way?.configId}
            isScanned={guide.steps[0] === 'done'}
            isReading={found || pending !== undefined}
            onPlay={(it) => {
              setDrawer(undefined)
              stage.play(it)
            }}
            onScan={(it: WayView) => aim(it.configId)}
            onStaff={(userid) => {
              setDrawer(undefined)
              stage.hold(userid, customer?.follows.some((follow) => follow.userid === userid) ?? false)
              showPhone('staff')
            }}
          />
        </nav>
        <main className="stage">
          <div className="stage-tools">
            <button type="button" className="button small" onClick={() => setDrawer('cast')}>
              <PeopleIcon size={14} /> 换人、换码
            </button>
            <div className="segments" role="tablist" aria-label="看谁的手机">
              {(['customer', 'staff'] as const).map((it) => (
                <button key={it} type="button" role="tab" aria-selected={seen === it} onClick={() => showPhone(it)}>
                  {it === 'customer' ? '顾客' : '成员'}
                </button>
              ))}
            </div>
            {wireOpener}
          </div>
          {customer && staff ? (
            <>
              <GuideStrip
                guide={guide}
                pronoun={pronounOf(customer)}
                band={spaceHan(
                  bandOf(guide.now, {
                    customer: customer.name,
                    pronoun: pronounOf(customer),
                    staff: staff.name,
                    codeStaff: codeStaff?.name,
                    code: way && codeName(way),
                    found,
                    pending: pending !== undefined,
                    parted:
                      !conversation?.follow &&
                      (conversation?.messages.length ?? 0) > 0 &&
                      stage.screens.customer !== 'camera',
                    hasReceiver,
                    isAway,
                    paused,
                    waitedMs: guide.waitedMs,
                    limitMs: WELCOME_LIMIT_MS,
                  }),
                )}
                onDoIt={doIt}
                onReset={acts.startOver}
              />
              <Phones
                corp={corp}
                scene={scene}
                customer={customer}
                staff={staff}
                guide={guide}
                acts={acts}
                consoleUrl={consoleUrl}
                timelineUrl={timelineUrl}
                onAim={aim}
                onSee={setSeen}
              />
            </>
          ) : (
            <p className="nobody">{scene.error?.message}</p>
          )}
        </main>
        <WirePanel
          corpid={corp.corpid}
          hasReceiver={hasReceiver}
          consoleUrl={consoleUrl}
          customerId={customer?.externalUserid ?? ''}
          customerName={customer?.name ?? '顾客'}
          staffName={codeStaff?.name ?? staff?.name ?? '导购'}
          onClose={() => setDrawer(undefined)}
          acted={acts.acted}
          onAway={setAway}
        />
        <button type="button" className="scrim" aria-label="收起" onClick={() => setDrawer(undefined)} />
      </div>
    </>
  )
}

/** One phone at a time fits a narrow page; on a wide one both are there and this moves nothing. */
function showPhone(side: PhoneSide): void {
  const phone = document.getElementById(`phone-${side}`)
  const row = phone?.parentElement
  if (row) row.scrollTo({ left: phone.offsetLeft - (row.clientWidth - phone.clientWidth) / 2, behavior: 'smooth' })
}

/** For the keyboard: what is tabbed to next is in this phone. */
function enterPhone(side: PhoneSide): void {
  showPhone(side)
  document.querySelector<HTMLElement>(`#phone-${side} .phone`)?.focus({ preventScroll: true })
}
