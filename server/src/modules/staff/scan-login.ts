import { randomBytes } from 'node:crypto'
import { WecomError } from '@siyu/wecom/errors'
import type { Db } from '../../platform/db.ts'
import { sha256 } from '../../platform/secrets.ts'
import type { WorkContext } from '../corps/context.ts'
import { ensureStaffAccount } from './accounts.ts'
import { learnMember } from './directory.ts'
import { ScanRefused } from './errors.ts'

const STATE_MINUTES = 10

/** Begins a WeCom sign-in: where to send the browser, and the state it must bring back in its cookie and its query. */
export async function startScan(
  work: WorkContext,
  db: Db,
  corpId: string,
  now: Date,
): Promise<{ url: string; state: string }> {
  const wecom = await work.wecom(corpId)
  const state = randomBytes(24).toString('hex')
  await db.deleteFrom('signInState').where('expiresAt', '<', now).execute()
  await db
    .insertInto('signInState')
    .values({ stateHash: sha256(state), corpId, expiresAt: new Date(now.getTime() + STATE_MINUTES * 60_000) })
    .execute()
  return { url: wecom.oauth.webLoginUrl({ redirectUri: `${work.publicUrl}/api/session/wecom/callback`, state }), state }
}

/** Ends it: the state is used up whatever follows (PB-18), then WeCom says who scanned. */
export async function finishScan(
  work: WorkContext,
  db: Db,
  given: { code: string; state: string; cookieState: string | undefined },
  now: Date,
): Promise<{ accountId: string; corpId: string; name: string }> {
  const known = await db
    .deleteFrom('signInState')
    .where('stateHash', '=', sha256(given.state))
    .returning(['corpId', 'expiresAt'])
    .executeTakeFirst()
  if (!known || known.expiresAt < now || given.cookieState !== given.state)
    throw new ScanRefused({ reason: '这次扫码已经过期或来自别的浏览器，请回登录页重新扫一次。' })
  const userid = await whoScanned(work, known.corpId, given.code)
  let account = await ensureStaffAccount(db, known.corpId, userid, now)
  // Hired since the address book was last read: WeCom has just vouched for him, so ask for him alone.
  if (account === 'unknown' && (await learnMember(work, known.corpId, userid)))
    account = await ensureStaffAccount(db, known.corpId, userid, now)
  if (account === 'unknown')
    throw new ScanRefused({ reason: '通讯录里还没有你。请管理员把你加进应用的可见范围，同步后再试。' })
  if (account === 'left') throw new ScanRefused({ reason: '你的账号已停用或离职。' })
  return { ...account, corpId: known.corpId }
}

async function whoScanned(work: WorkContext, corpId: string, code: string): Promise<string> {
  try {
    const { userid } = await (await work.wecom(corpId)).oauth.userInfo(code)
    if (!userid) throw new ScanRefused({ reason: '只有本企业的成员可以登录。' })
    return userid
  } catch (error) {
    if (error instanceof WecomError)
      throw new ScanRefused({
        reason:
          error.outcome === 'refused'
            ? '二维码已失效，请回登录页重新扫一次。'
            : '现在连不上企业微信，请稍后再试，或用密码登录。',
      })
    throw error
  }
}
