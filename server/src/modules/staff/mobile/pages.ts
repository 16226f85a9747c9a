import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../../../platform/db.ts'
import type { WorkContext } from '../../corps/context.ts'
import { findMobileMember, type MobileKind, mobileCookie, type SignedMember } from './sessions.ts'
import { startMobileSignIn, stateCookie } from './sign-in.ts'

/** Only the way back reads it. */
export const STATE_COOKIE = { path: '/api/m/oauth', httpOnly: true, sameSite: 'lax' } as const
const STATE_SECONDS = 600

/** Sends a browser into WeCom's silent sign-in; it comes back to `target`. */
export async function sendToSignIn(
  { work, db }: { work: WorkContext; db: Db },
  reply: FastifyReply,
  asked: { wecomCorpid: string; kind: MobileKind; target: string },
): Promise<FastifyReply> {
  const { url, state } = await startMobileSignIn(work, db, asked, new Date())
  const secure = work.publicUrl.startsWith('https://')
  return reply
    .setCookie(stateCookie(state), state, { ...STATE_COOKIE, secure, maxAge: STATE_SECONDS })
    .header('cache-control', 'no-store')
    .redirect(url)
}

/** The member who opened this page, if he is signed in to this very corp. */
export async function memberOf(
  { work, db }: { work: WorkContext; db: Db },
  request: FastifyRequest,
  corpId: string,
): Promise<SignedMember | undefined> {
  const value = request.cookies[mobileCookie(work.publicUrl, 'member')]
  const member = value ? await findMobileMember(db, value, new Date()) : undefined
  return member?.corpId === corpId ? member : undefined
}
