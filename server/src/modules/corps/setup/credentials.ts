import { WecomError } from '@siyu/wecom/errors'
import { type Db, inCorp, type Tx } from '../../../platform/db.ts'
import type { WorkContext } from '../context.ts'
import { CorpAlreadyConnected } from '../errors.ts'
import type { NewCredentials } from '../schema.ts'
import { saveCredentials } from '../service.ts'
import { type App, keepEgressIp, openClient } from './probe.ts'
import { asProblem, refusalOf } from './refusals.ts'

/** No secret of anybody's: WeCom looks at the corp id first, and 40001 says it knows that one. */
const NO_SECRET = 'x'.repeat(43)

/** Whether WeCom knows the corp id, and nobody here has connected it. */
export async function checkCorpid({ wecomBaseUrl, db }: WorkContext, wecomCorpid: string): Promise<void> {
  await refuseKnown(db, wecomCorpid)
  try {
    await openClient(wecomBaseUrl, { wecomCorpid, agentId: 1, appSecret: NO_SECRET }).agent.get()
  } catch (error) {
    if (error instanceof WecomError && ['secret', 'ip'].includes(refusalOf(error))) return
    throw asProblem(error)
  }
}

export async function refuseKnown(db: Db, wecomCorpid: string): Promise<void> {
  const known = await db.selectFrom('corp').select('name').where('wecomCorpid', '=', wecomCorpid).executeTakeFirst()
  if (known) throw new CorpAlreadyConnected({ name: known.name })
}

/**
 * Whether the secret opens this app. A new corp may still lack the trusted IP: WeCom takes that only once it has seen
 * our callback answer, which must stand first. So its refusal comes after a good secret, and is a later step's.
 */
export async function proveNewApp(baseUrl: string, app: App): Promise<void> {
  try {
    await openClient(baseUrl, app).agent.get()
  } catch (error) {
    if (error instanceof WecomError && refusalOf(error) === 'ip') return
    throw asProblem(error)
  }
}

/** The same for a corp at work, with nothing left open: the app must be let in, and see the customers. */
export async function proveReplacement({ wecomBaseUrl, db }: WorkContext, corpId: string, app: App): Promise<void> {
  const wecom = openClient(wecomBaseUrl, app)
  try {
    await wecom.agent.get()
    await wecom.customer.followUsers()
  } catch (error) {
    if (error instanceof WecomError) await inCorp(db, corpId, (tx) => keepEgressIp(tx, corpId, error.callerIp))
    throw asProblem(error)
  }
}

/** The new app in the place of the old one, both halves or neither. */
export async function replaceApp(
  tx: Tx,
  { vault, clock }: WorkContext,
  corpId: string,
  { agentId, appSecret, setBy }: NewCredentials & { setBy: string },
): Promise<void> {
  await tx.updateTable('corp').set({ agentId }).where('corpId', '=', corpId).execute()
  await saveCredentials(tx, vault, corpId, { app_secret: appSecret }, { now: clock.now(), setBy })
}
