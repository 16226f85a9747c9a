import type { Tx } from '../../../platform/db.ts'
import type { WorkContext } from '../context.ts'
import type { CorpSettings, PermissionsView, Probe, SetupStep } from '../schema.ts'
import { type Known, readKnown } from './known.ts'
import { viewPermissions } from './permissions.ts'

/** How far a corp's connection has come, step by step. Secrets are told by their last characters alone. */
export async function readSetup(tx: Tx, { publicUrl }: WorkContext, corpId: string): Promise<CorpSettings> {
  const corp = await tx.selectFrom('corp').selectAll().where('corpId', '=', corpId).executeTakeFirstOrThrow()
  const credentials = await tx
    .selectFrom('corpCredential')
    .select(['kind', 'ending', 'setBy', 'updatedAt'])
    .where('corpId', '=', corpId)
    .orderBy('kind')
    .execute()
  const known = await readKnown(tx, corpId)
  const { host } = new URL(publicUrl)
  const app = known.probes.get('app')
  const address = known.probes.get('address')
  return {
    corpId,
    name: corp.name,
    wecomCorpid: corp.wecomCorpid,
    simulated: corp.simulated,
    agentId: corp.agentId,
    appName: textOf(app?.detail.name),
    callbackUrl: `${publicUrl}/wecom/callback/${corp.callbackKey.slice(0, 4)}…`,
    publicHost: host,
    trustedDomain: textOf(app?.detail.trustedDomain),
    domainProof: corp.domainProof,
    egressIp: corp.egressIp,
    clockAheadMs: numberOf(app?.detail.clockAheadMs),
    members: numberOf(known.probes.get('contacts')?.detail.members),
    address: address
      ? { refusal: address.refusal, detail: String(address.detail.reason ?? ''), at: address.probedAt.toISOString() }
      : null,
    lastScanAt: known.lastScanAt?.toISOString() ?? null,
    checkedAt: app?.probedAt.toISOString() ?? null,
    credentials: credentials.map((c) => ({ ...c, updatedAt: c.updatedAt.toISOString() })),
    steps: stepsOf(known, host),
  }
}

export async function readPermissions(tx: Tx, corpId: string): Promise<PermissionsView> {
  const { egressIp } = await tx
    .selectFrom('corp')
    .select('egressIp')
    .where('corpId', '=', corpId)
    .executeTakeFirstOrThrow()
  const known = await readKnown(tx, corpId)
  return { checkedAt: known.probes.get('app')?.probedAt.toISOString() ?? null, egressIp, ...viewPermissions(known) }
}

const textOf = (value: string | number | null | undefined) => (typeof value === 'string' ? value : null)
const numberOf = (value: string | number | null | undefined) => (typeof value === 'number' ? value : null)

const fresh = (step: SetupStep['step'], state: SetupStep['state'] = 'todo'): SetupStep => ({
  step,
  state,
  refusal: null,
  errcode: 0,
  at: null,
})

function stepsOf(known: Known, publicHost: string): SetupStep[] {
  const app = stepOfProbe(known, 'app', 'app')
  const ofCorp: SetupStep = app.refusal === 'corpid' ? { ...app, step: 'corp' } : fresh('corp', 'done')
  return [
    ofCorp,
    app.refusal === 'corpid' ? fresh('app', 'waiting') : app,
    stepOfProbe(known, 'contacts', 'contacts'),
    stepOfCallback(known),
    stepOfIp(known),
    stepOfDomain(known, publicHost),
    stepOfSync(known),
  ]
}

/** An address that is not let in is the step of the address; what hangs on it waits. */
function stepOfProbe({ probes }: Known, step: SetupStep['step'], probe: Probe): SetupStep {
  const found = probes.get(probe)
  if (!found) return fresh(step)
  const { refusal, errcode } = found
  const state = refusal === null ? 'done' : refusal === 'ip' ? 'waiting' : 'refused'
  return { step, state, refusal, errcode, at: found.probedAt.toISOString() }
}

function stepOfCallback(known: Known): SetupStep {
  const { state, refusal, errcode, at } = viewPermissions(known).grants.find(({ grant }) => grant === 'callback')!
  const states = { granted: 'done', refused: 'refused', untried: 'waiting' } as const
  return { step: 'callback', state: states[state], refusal, errcode, at }
}

function stepOfIp({ probes }: Known): SetupStep {
  const found = [...probes.values()].find(({ refusal }) => refusal === 'ip') ?? probes.get('app')
  if (!found) return fresh('ip')
  const at = found.probedAt.toISOString()
  if (found.refusal === 'ip') return { step: 'ip', state: 'refused', refusal: 'ip', errcode: found.errcode, at }
  // Only an answer to the app itself shows that its address was looked at and let in.
  return found.refusal === null || found.refusal === 'agent' ? { ...fresh('ip', 'done'), at } : fresh('ip', 'waiting')
}

function stepOfDomain({ probes }: Known, publicHost: string): SetupStep {
  const app = probes.get('app')
  const domain = textOf(app?.detail.trustedDomain)
  if (!app || !domain) return fresh('domain')
  const at = app.probedAt.toISOString()
  return domain === publicHost
    ? { ...fresh('domain', 'done'), at }
    : { step: 'domain', state: 'refused', refusal: 'domain', errcode: 0, at }
}

function stepOfSync({ sync }: Known): SetupStep {
  const states = { none: 'todo', running: 'waiting', finished: 'done', failed: 'refused', cancelled: 'todo' } as const
  return fresh('sync', states[sync])
}
