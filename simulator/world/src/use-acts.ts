import { useState } from 'react'
import type { MomentOnPhone } from '../../src/world/moments.ts'
import { type ClockChange, clock } from './clock.ts'
import { ControlError, doAction, type Met, sendControl } from './control-api.ts'
import type { Guide } from './guide/use-guide.ts'
import type { CardEdit } from './phones/customer-card.tsx'
import type { Scene } from './use-scene.ts'

/** What a visitor can do to the world. A refusal is told in the world's own words; nothing else happens then. */
export function useActs(corpid: string, scene: Scene, guide: Guide, onRefused: (sentence: string) => void) {
  const [isBusy, setBusy] = useState(false)
  const [acted, setActed] = useState(0)
  const { stage, customer, staff, way } = scene
  const externalUserid = customer?.externalUserid ?? ''
  const pair = { userid: staff?.userid ?? '', externalUserid }

  const attempt = async (act: () => Promise<void>) => {
    setBusy(true)
    setActed((count) => count + 1)
    try {
      await act()
    } catch (error) {
      if (!(error instanceof ControlError)) throw error
      onRefused(error.message)
    } finally {
      setBusy(false)
    }
  }
  /** What the member on stage does about something he was asked. */
  const notice = async (type: string, about: Record<string, string>) =>
    void (await doAction(corpid, { type, userid: pair.userid, ...about }))
  const run = (act: () => Promise<void>) => void attempt(act)

  return {
    isBusy,
    /** Counts up with each act: whoever acts wants to see what comes of it. */
    acted,
    scan: () =>
      run(async () => {
        if (!way) return
        const met = await doAction<Met>(corpid, { type: 'scan', code: way.configId, externalUserid })
        stage.met(met)
        scene.refresh()
        if (met.outcome === 'already') onRefused('已经是好友了，再扫一次不会重复添加，也没有回调')
      }),
    accept: (who: string) =>
      run(async () => {
        await doAction(corpid, { type: 'accept', userid: pair.userid, externalUserid: who })
        stage.playPair(who, pair.userid)
        scene.refresh()
      }),
    customerSays: (text: string) =>
      run(async () => void (await doAction(corpid, { type: 'customer_says', ...pair, text }))),
    staffSays: (text: string) => run(async () => void (await doAction(corpid, { type: 'staff_says', ...pair, text }))),
    edit: (edit: CardEdit) =>
      run(async () => {
        await doAction(corpid, { type: 'staff_edits', ...pair, ...edit })
        if (edit.addTags) guide.markTagged()
      }),
    customerDeletes: () => run(async () => void (await doAction(corpid, { type: 'customer_deletes', ...pair }))),
    staffDeletes: () => run(async () => void (await doAction(corpid, { type: 'staff_deletes', ...pair }))),
    massSend: (msgid: string) => run(() => notice('mass_send', { msgid })),
    massLater: (msgid: string) => run(() => notice('mass_later', { msgid })),
    massDecline: (msgid: string) => run(() => notice('mass_decline', { msgid })),
    momentPublish: (momentId: string) => run(() => notice('moment_publish', { momentId })),
    momentLater: (momentId: string) => run(() => notice('moment_later', { momentId })),
    momentDecline: (momentId: string) => run(() => notice('moment_decline', { momentId })),
    momentLike: ({ momentId, userid }: MomentOnPhone) =>
      run(async () => void (await doAction(corpid, { type: 'moment_like', momentId, userid, externalUserid }))),
    momentComment: ({ momentId, userid }: MomentOnPhone, text: string) =>
      run(
        async () => void (await doAction(corpid, { type: 'moment_comment', momentId, userid, externalUserid, text })),
      ),
    startOver: () =>
      run(async () => {
        await sendControl('POST', '/guide/reset', { corpid, externalUserid })
        guide.forget()
        stage.rest()
        scene.refresh()
      }),
    setClock: (change: ClockChange) => run(() => clock.change(change)),
  }
}
