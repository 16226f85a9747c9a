import { randomBytes } from 'node:crypto'
import { WecomError } from '@siyu/wecom/errors'
import { type Db, inCorp } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { sha256 } from '../../../platform/secrets.ts'
import type { WorkContext } from '../../corps/context.ts'
import { ensureStaffAccount } from '../accounts.ts'
import { learnMember } from '../directory.ts'
import { MobileSignInRefused } from '../errors.ts'
import { findStaffIds } from '../service.ts'
import type { MobileKind, Visitor } from './sessions.ts'

const STATE_MINUTES = 10
/** Where pages of ours that are opened inside WeCom and WeChat stand. */
const PLACES = ['/m/', '/r/', '/f/']

/**
 * The path a browser may be sent to after a sign-in, or undefined when it is not one of our mobile pages. Judged as
 * browsers read it: with dots resolved, and nothing that could begin another host.
 */
export function ownTarget(publicUrl: string, asked: string): string | undefined {
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,1000}$/.test(asked) || !URL.canParse(asked, publicUrl)) return undefined
  const url = new URL(asked, publicUrl)
  if (url.origin !== new URL(publicUrl).origin || url.username !== '') return undefined
  return PLACES.some((place) => url.pathname.startsWith(place)) ? `${url.pathname}${url.search}` : undefined
}

/** The cookie that binds a state to the browser it was given to; one for each, so that two pages may sign in at once. */
export const stateCookie = (state: string) => `siyu_ms_${sha256(state).subarray(0, 6).toString('hex')}`

/** Begins a silent sign-in: where to send the browser, and the state that must come back in its cookie and its query. */
export async function startMobileSignIn(
  work: WorkContext,
  db: Db,
  asked: { wecomCorpid: string; kind: MobileKind; target: string },
  now: Date,
): Promise<{ url: string; state: string }> {
  const corp = await db
    .selectFrom('corp')
    .select('corpId')
    .where('wecomCorpid', '=', asked.wecomCorpid)
    .executeTakeFirst()
  if (!corp) throw new NotFound({ what: '企业' })
  const target = ownTarget(work.publicUrl, asked.target)
  if (target === undefined) throw new MobileSignInRefused({ reason: '要去的页面不是本系统的页面。' })
  const wecom = await work.wecom(corp.corpId)
  const state = randomBytes(24).toString('hex')
  await db.deleteFrom('mobileSignIn').where('expiresAt', '<', now).execute()
  await db
    .insertInto('mobileSignIn')
    .values({
      stateHash: sha256(state),
      corpId: corp.corpId,
      kind: asked.kind,
      target,
      expiresAt: new Date(now.getTime() + STATE_MINUTES * 60_000),
    })
    .execute()
  return { url: wecom.oauth.authorizeUrl({ redirectUri: `${work.publicUrl}/api/m/oauth`, state }), state }
}

export type SignedIn = { target: string } & (
  | { kind: 'member'; corpId: string; accountId: string; userid: string; name: string }
  | ({ kind: 'customer' } & Visitor)
)

/** Ends it: the state is used up whatever follows (PB-18), then WeCom says who holds the phone. */
export async function finishMobileSignIn(
  work: WorkContext,
  db: Db,
  given: { code: string; state: string; cookieState: string | undefined },
  now: Date,
): Promise<SignedIn> {
  const known = await db
    .deleteFrom('mobileSignIn')
    .where('stateHash', '=', sha256(given.state))
    .returning(['corpId', 'kind', 'target', 'expiresAt'])
    .executeTakeFirst()
  if (!known || known.expiresAt < now || given.cookieState !== given.state)
    throw new MobileSignInRefused({ reason: '这次进入已经过期，或换了浏览器。请回到聊天里重新打开。' })
  const { corpId, target } = known
  const who = await whoHolds(work, corpId, given.code)
  if (known.kind === 'member') {
    if (!who.userid) throw new MobileSignInRefused({ reason: '侧边栏只给本企业的成员用。' })
    const account = await memberAccount(work, db, corpId, who.userid, now)
    return { kind: 'member', corpId, target, userid: who.userid, ...account }
  }
  if (who.userid) {
    const { userid } = who
    const staffId = (await inCorp(db, corpId, (tx) => findStaffIds(tx, corpId, [userid]))).get(userid.toLowerCase())
    if (!staffId) throw new MobileSignInRefused({ reason: '通讯录里还没有你，同步后再试。' })
    return { kind: 'customer', corpId, target, staffId, openid: null, externalUserid: null }
  }
  if (!who.openid) throw new MobileSignInRefused({ reason: '微信没有告诉我们是哪一位，请重新打开。' })
  const externalUserid = who.external_userid ?? null
  return { kind: 'customer', corpId, target, staffId: null, openid: who.openid, externalUserid }
}

async function memberAccount(work: WorkContext, db: Db, corpId: string, userid: string, now: Date) {
  let account = await ensureStaffAccount(db, corpId, userid, now)
  // Hired since the address book was last read: WeCom has just vouched for him, so ask for him alone.
  if (account === 'unknown' && (await learnMember(work, corpId, userid)))
    account = await ensureStaffAccount(db, corpId, userid, now)
  if (account === 'unknown')
    throw new MobileSignInRefused({ reason: '通讯录里还没有你。请管理员把你加进应用的可见范围，同步后再试。' })
  if (account === 'left') throw new MobileSignInRefused({ reason: '你的账号已停用或离职。' })
  return account
}

async function whoHolds(work: WorkContext, corpId: string, code: string) {
  try {
    return await (await work.wecom(corpId)).oauth.userInfo(code)
  } catch (error) {
    if (!(error instanceof WecomError)) throw error
    const reason =
      error.outcome === 'refused'
        ? '企业微信没有认出这次进入，请回到聊天里重新打开。'
        : '现在连不上企业微信，请稍后再打开一次。'
    throw new MobileSignInRefused({ reason })
  }
}
