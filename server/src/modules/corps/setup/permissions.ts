import type { FEATURES, GRANTS, Grant, PermissionsView, Probe } from '../schema.ts'
import type { Known } from './known.ts'
import { STOPS_ALL } from './refusals.ts'

type GrantName = (typeof GRANTS)[number]
type Feature = (typeof FEATURES)[number]

/** What each feature needs of WeCom. The full sync reads members, then the tag library, then customers. */
const NEEDS: Readonly<Record<Feature, readonly GrantName[]>> = {
  directory: ['connection', 'directory', 'contacts'],
  customers: ['connection', 'directory', 'contacts', 'tags'],
  changes: ['connection', 'callback', 'contacts'],
  tags: ['connection', 'tags', 'agent'],
  codes: ['connection', 'codes', 'contacts'],
  welcome: ['connection', 'callback', 'contacts', 'welcome'],
  sign_in: ['connection', 'agent', 'login'],
}

/** Which features go with which grants, from what WeCom last answered. */
export function viewPermissions(known: Known): Pick<PermissionsView, 'grants' | 'features'> {
  const grants = [
    grantOfApp(known, 'connection'),
    grantOfApp(known, 'agent'),
    ...(['directory', 'contacts', 'tags', 'codes'] as const).map((name) => grantOf(known, name)),
    grantOfCallback(known),
    grantOfWelcome(known),
    { ...untried('login'), ...(known.lastScanAt && { state: 'granted' as const, at: known.lastScanAt.toISOString() }) },
  ]
  const stateOf = new Map(grants.map(({ grant, state }) => [grant, state]))
  const features = (Object.keys(NEEDS) as Feature[]).map((feature) => {
    const states = NEEDS[feature].map((grant) => stateOf.get(grant)!)
    const worst = (['refused', 'untried'] as const).find((state) => states.includes(state))
    return { feature, state: worst ?? ('granted' as const), needs: [...NEEDS[feature]] }
  })
  return { grants, features }
}

const untried = (grant: GrantName): Grant => ({ grant, state: 'untried', refusal: null, errcode: 0, at: null })

/** One question about the app answers two: whether anybody is let in at all, and whether it is this app. */
function grantOfApp({ probes }: Known, grant: 'connection' | 'agent'): Grant {
  const found = probes.get('app')
  if (!found) return untried(grant)
  const stops = found.refusal !== null && STOPS_ALL.has(found.refusal)
  const at = found.probedAt.toISOString()
  if (grant === 'agent' && stops) return untried(grant)
  if (found.refusal === null || (grant === 'connection' && !stops))
    return { grant, state: 'granted', refusal: null, errcode: 0, at }
  return { grant, state: 'refused', refusal: found.refusal, errcode: found.errcode, at }
}

/** What stops every call says nothing of the single permission: it stays as unknown as before. */
function grantOf({ probes }: Known, grant: GrantName & Probe): Grant {
  const found = probes.get(grant)
  if (!found || (found.refusal !== null && STOPS_ALL.has(found.refusal))) return untried(grant)
  const { refusal, errcode } = found
  return { grant, state: refusal === null ? 'granted' : 'refused', refusal, errcode, at: found.probedAt.toISOString() }
}

/** WeCom's check of the address, or a callback that came, whichever is later. */
function grantOfCallback({ probes, callbackAt }: Known): Grant {
  const found = probes.get('callback')
  if (callbackAt && (!found || found.probedAt <= callbackAt))
    return { ...untried('callback'), state: 'granted', at: callbackAt.toISOString() }
  return grantOf({ probes } as Known, 'callback')
}

/** No reading call asks for this one: the last real welcome says. */
function grantOfWelcome({ welcome }: Known): Grant {
  if (welcome.refusal)
    return {
      grant: 'welcome',
      state: 'refused',
      refusal: welcome.refusal,
      errcode: welcome.errcode,
      at: welcome.failedAt!.toISOString(),
    }
  if (!welcome.sentAt) return untried('welcome')
  return { ...untried('welcome'), state: 'granted', at: welcome.sentAt.toISOString() }
}
