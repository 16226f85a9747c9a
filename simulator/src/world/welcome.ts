import type { Corp } from './corp.ts'
import type { Follow, Welcome } from './records.ts'
import type { World } from './world.ts'

/** Wire time: developer.work.weixin.qq.com/document/path/92137, 2026-11. */
export const WELCOME_LIMIT_MS = 20_000

/** Whether this new contact may be welcomed by an app; when the console has a welcome, it speaks and no code is handed out. */
export function issueWelcome(world: World, corp: Corp, follow: Follow): Welcome | undefined {
  const { consoleWelcome } = corp.info.options
  if (consoleWelcome !== null) {
    sayWelcome(world, corp, follow, 'text', consoleWelcome, 0)
    return undefined
  }
  const customer = corp.customers.get(follow.externalUserid)!
  if (customer.type !== 1 || hasChatted(corp, follow) || halfWelcomeUsed(corp, follow)) return undefined
  const welcome: Welcome = {
    code: corp.makeId('', 43),
    userid: follow.userid,
    externalUserid: follow.externalUserid,
    issuedAt: world.clock.virtualMs(),
    issuedWireMs: world.clock.wireMs(),
    late: false,
    attempts: [],
  }
  corp.saveWelcome(welcome)
  return welcome
}

/** Since they met this time: a chat from before a deletion does not count. */
export function hasChatted(corp: Corp, follow: Follow): boolean {
  return corp
    .conversation(follow.userid, follow.externalUserid)
    .some((message) => message.seq > follow.seq && message.from !== 'system' && !message.welcome)
}

/** A half friend who was welcomed already gets no second code when the member accepts. */
function halfWelcomeUsed(corp: Corp, follow: Follow): boolean {
  for (const message of corp.conversation(follow.userid, follow.externalUserid)) {
    if (message.seq > follow.seq && message.welcome) return true
  }
  return false
}

/** 0 when the code may be used now; else WeCom's error. The attempt is on the ledger either way. */
export function tryWelcome(world: World, corp: Corp, code: string): { errcode: number; welcome?: Welcome } {
  const welcome = corp.welcomes.get(code)
  if (!welcome) return { errcode: 41050 }
  const wireMs = world.clock.wireMs()
  const late = wireMs - welcome.issuedWireMs > WELCOME_LIMIT_MS
  const errcode = late ? 41050 : refusalOf(corp, welcome, wireMs)
  welcome.late ||= late
  welcome.attempts.push({ at: world.clock.virtualMs(), wireMs, errcode })
  corp.saveWelcome(welcome)
  return { errcode, welcome }
}

function refusalOf(corp: Corp, welcome: Welcome, wireMs: number): number {
  if (welcome.usedAt !== undefined) return 41051
  if (wireMs < (welcome.sendingUntilWireMs ?? 0)) return 41096
  const follow = corp.findFollow(welcome.userid, welcome.externalUserid)
  if (!follow) return 84061
  return hasChatted(corp, follow) ? 41051 : 0
}

export function spendWelcome(world: World, corp: Corp, welcome: Welcome): { delaySeconds: number } {
  welcome.usedAt = world.clock.virtualMs()
  welcome.usedWireMs = world.clock.wireMs()
  corp.saveWelcome(welcome)
  return { delaySeconds: Math.round((welcome.usedWireMs - welcome.issuedWireMs) / 100) / 10 }
}

export function sayWelcome(
  world: World,
  corp: Corp,
  { userid, externalUserid }: { userid: string; externalUserid: string },
  kind: 'text' | 'image' | 'link' | 'miniprogram' | 'video' | 'file',
  text: string,
  delaySeconds: number,
  content?: unknown,
): void {
  corp.addMessage({
    seq: corp.nextSequence(),
    userid,
    externalUserid,
    from: 'staff',
    kind,
    text,
    content,
    at: world.clock.seconds(),
    welcome: { delaySeconds },
  })
  world.wire.tell({ type: 'message', corpid: corp.info.corpid, userid, externalUserid })
}
