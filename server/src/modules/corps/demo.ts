import { z } from 'zod'
import type { WorkContext } from './context.ts'
import { createCorp, readCallbackSettings } from './service.ts'
import { probeCorp } from './setup/probe.ts'

/** The simulator's own list of its companies (simulator/README.md, control API). */
const SimulatedCorps = z.object({
  corps: z.array(
    z.object({
      corpid: z.string(),
      name: z.string(),
      agentId: z.number().int(),
      secret: z.string(),
      contactSecret: z.string(),
      receivers: z.object({ app: z.object({ url: z.string() }).optional() }).optional(),
      options: z.object({ byHand: z.boolean() }),
    }),
  ),
})

/**
 * Connects every company of the simulator that is not connected yet, as an administrator would by hand: credentials here,
 * callback address there; but those that wait for somebody who does. Returns the corps it added. Only for the simulator: a real WeCom has no such list.
 */
export async function connectSimulatedCorps(
  context: WorkContext,
  onAdded: (corpId: string) => Promise<void>,
): Promise<string[]> {
  const response = await fetch(`${context.wecomBaseUrl}/control/corps`, { signal: AbortSignal.timeout(5_000) })
  const { corps } = SimulatedCorps.parse(await response.json())
  const known = new Map(
    (await context.db.selectFrom('corp').select(['corpId', 'wecomCorpid']).execute()).map((c) => [
      c.wecomCorpid,
      c.corpId,
    ]),
  )
  const added: string[] = []
  for (const corp of corps.filter(({ options }) => !options.byHand)) {
    const corpId =
      known.get(corp.corpid) ??
      (await createCorp(context.db, context.vault, {
        name: corp.name,
        wecomCorpid: corp.corpid,
        agentId: corp.agentId,
        simulated: true,
        now: context.clock.now(),
        setBy: '演示',
        credentials: { app_secret: corp.secret, contact_sync_secret: corp.contactSecret },
      }))
    const { url, token, encodingAesKey } = await readCallbackSettings(
      context.db,
      context.vault,
      context.publicUrl,
      corpId,
    )
    if (corp.receivers?.app?.url !== url) {
      await fetch(`${context.wecomBaseUrl}/control/corps/${corp.corpid}/receiver`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ url, token, encodingAesKey }),
        signal: AbortSignal.timeout(5_000),
      })
    }
    if (!known.has(corp.corpid)) {
      await trustOurDomain(context, corp.corpid)
      await onAdded(corpId)
      await probeCorp(context, corpId)
      added.push(corpId)
    }
  }
  return added
}

/** What an administrator enters under 网页授权及 JS-SDK. */
async function trustOurDomain({ wecomBaseUrl, publicUrl }: WorkContext, corpid: string): Promise<void> {
  await fetch(`${wecomBaseUrl}/control/corps/${corpid}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ options: { trustedDomains: [new URL(publicUrl).host] } }),
    signal: AbortSignal.timeout(5_000),
  })
}

const ClockReading = z.object({ virtualMs: z.number(), speed: z.number(), paused: z.boolean() })
const FOLLOW_EVERY_MS = 1_000

/** A clock that follows the simulator's virtual one, so that a day wound there is a day here. Falls back to where it last was. */
export function followSimulatorClock(baseUrl: string): { now(): Date; stop(): void } {
  let known = { virtualMs: Date.now(), readAt: performance.now(), speed: 1 }
  const read = async () => {
    const response = await fetch(`${baseUrl}/control/clock`, { signal: AbortSignal.timeout(2_000) })
    const { virtualMs, speed, paused } = ClockReading.parse(await response.json())
    known = { virtualMs, readAt: performance.now(), speed: paused ? 0 : speed }
  }
  void read().catch(() => undefined)
  const timer = setInterval(() => void read().catch(() => undefined), FOLLOW_EVERY_MS)
  timer.unref()
  let latest = 0
  return {
    // Never backwards: a reading that corrects us by milliseconds must not make a later answer look older.
    now() {
      latest = Math.max(latest, known.virtualMs + (performance.now() - known.readAt) * known.speed)
      return new Date(latest)
    },
    stop: () => clearInterval(timer),
  }
}
