import { createWecom, memoryTokenStore, type Wecom } from '@siyu/wecom'
import { WecomError } from '@siyu/wecom/errors'
import { inCorp, type Tx } from '../../../platform/db.ts'
import type { WorkContext } from '../context.ts'
import type { Probe, Refusal } from '../schema.ts'
import { notifyCorp, readCredentials } from '../service.ts'
import { callOwnAddress } from './own-address.ts'
import { refusalOf, STOPS_ALL } from './refusals.ts'

export interface Finding {
  probe: Probe
  /** Null: granted. */
  refusal: Refusal | null
  errcode: number
  detail: Record<string, string | number | null>
  /** Our address as WeCom named it in its refusal. */
  egressIp?: string | undefined
}

export interface App {
  wecomCorpid: string
  agentId: number
  appSecret: string
}

/** Somebody sits before the page and waits. */
const PATIENCE_MS = 6_000

/**
 * A client that shares nothing with the one at work: no token of before, and no pause after failures, so that what it
 * hears is what WeCom says now. `onClock` hears WeCom's clock.
 */
export function openClient(baseUrl: string, app: App, onClock?: (serverNow: number) => void): Wecom {
  return createWecom({
    baseUrl,
    corpId: app.wecomCorpid,
    agentId: app.agentId,
    secrets: { app: app.appSecret },
    tokenStore: memoryTokenStore(),
    timeoutMs: PATIENCE_MS,
    onCall: ({ serverNow }) => serverNow && onClock?.(serverNow),
  })
}

type Ask = (wecom: Wecom) => Promise<Record<string, string | number | null>>

/** One harmless reading call for each thing an administrator grants. */
const ASKS: Readonly<Record<Exclude<Probe, 'callback' | 'address'>, Ask>> = {
  async app(wecom) {
    const { name, redirect_domain } = await wecom.agent.get()
    return { name, trustedDomain: redirect_domain ?? '' }
  },
  directory: async (wecom) => ({ departments: (await wecom.department.simpleList()).length }),
  contacts: async (wecom) => ({ members: (await wecom.customer.followUsers()).length }),
  tags: async (wecom) => ({ groups: (await wecom.tag.list()).length }),
  codes: async (wecom) => ({ shown: (await wecom.contactWay.list({ limit: 1 })).contact_way.length }),
}

async function ask(wecom: Wecom, probe: keyof typeof ASKS): Promise<Finding> {
  try {
    const detail = await ASKS[probe](wecom)
    // Nobody may have customers: WeCom calls that a success, whoever waits for customers does not.
    return { probe, refusal: probe === 'contacts' && detail.members === 0 ? 'nobody' : null, errcode: 0, detail }
  } catch (error) {
    if (!(error instanceof WecomError)) throw error
    const { api, errcode, errmsg, callerIp } = error
    return {
      probe,
      refusal: refusalOf(error),
      errcode,
      detail: { api, reason: errmsg.slice(0, 300) },
      egressIp: callerIp,
    }
  }
}

/** Asks WeCom everything once and keeps the answers; `health` hears whether the connection stands. */
export async function probeCorp(context: WorkContext, corpId: string): Promise<readonly Finding[]> {
  const { db, vault, wecomBaseUrl } = context
  const [corp, credentials] = await Promise.all([
    db
      .selectFrom('corp')
      .select(['wecomCorpid', 'agentId', 'callbackKey'])
      .where('corpId', '=', corpId)
      .executeTakeFirstOrThrow(),
    readCredentials(db, vault, corpId),
  ])
  let aheadMs: number | undefined
  const app = { ...corp, appSecret: credentials.app_secret ?? '' }
  const wecom = openClient(wecomBaseUrl, app, (serverNow) => (aheadMs ??= Date.now() - serverNow))
  const probes = Object.keys(ASKS) as (keyof typeof ASKS)[]
  const findings = await Promise.all([
    ...probes.map((probe) => ask(wecom, probe)),
    callOwnAddress(context, corp, credentials),
  ])
  // Whole seconds are all the header has.
  if (aheadMs !== undefined) findings[0]!.detail.clockAheadMs = Math.abs(aheadMs) < 2_000 ? 0 : aheadMs
  await inCorp(db, corpId, (tx) => keepFindings(tx, corpId, findings, context.clock.now()))
  await tellHealth(context, corpId, findings[0]!)
  return findings
}

/** Replaces what was known. `egressIp` stays until WeCom names another one. */
export async function keepFindings(tx: Tx, corpId: string, findings: readonly Finding[], now: Date): Promise<void> {
  await tx
    .insertInto('corpProbe')
    .values(
      findings.map(({ probe, refusal, errcode, detail }) => ({
        corpId,
        probe,
        refusal,
        errcode,
        detail: JSON.stringify(detail),
        probedAt: now,
      })),
    )
    .onConflict((c) =>
      c.columns(['corpId', 'probe']).doUpdateSet((eb) => ({
        refusal: eb.ref('excluded.refusal'),
        errcode: eb.ref('excluded.errcode'),
        detail: eb.ref('excluded.detail'),
        probedAt: eb.ref('excluded.probedAt'),
      })),
    )
    .execute()
  await keepEgressIp(tx, corpId, findings.find((finding) => finding.egressIp)?.egressIp)
}

export async function keepEgressIp(tx: Tx, corpId: string, egressIp: string | undefined): Promise<void> {
  if (egressIp) await tx.updateTable('corp').set({ egressIp }).where('corpId', '=', corpId).execute()
}

/** What stops every call is a failure of the `tokens` lane; once it is over, clients that paused begin again at once. */
async function tellHealth({ db, health }: WorkContext, corpId: string, app: Finding): Promise<void> {
  if (app.refusal === null || !STOPS_ALL.has(app.refusal)) {
    await health.resolve(corpId, 'tokens')
    await inCorp(db, corpId, (tx) => notifyCorp(tx, corpId))
    return
  }
  await health.failure(corpId, 'tokens', {
    cause: `wecom.${app.errcode}`,
    subject: 'connection',
    detail: { ...app.detail, errcode: app.errcode },
  })
}
