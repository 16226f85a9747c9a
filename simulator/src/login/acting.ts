/**
 * Who holds the phone in this browser, by corp. The world page sets it for its two phones, so that our sidebar inside the
 * staff phone signs in as silently as it does inside WeCom. Cookies know no ports, so pages of the local server send it too.
 */
const COOKIE = 'siyu_sim_acting'

export function writeActing(corpid: string, userid: string): string {
  return `${COOKIE}=${encodeURIComponent(`${corpid}:${userid}`)}; Path=/connect; HttpOnly; SameSite=Lax`
}

export function readActing(cookies: string | undefined, corpid: string): string | undefined {
  for (const cookie of cookies?.split(/;\s*/) ?? []) {
    const [name, value] = cookie.split('=', 2)
    if (name !== COOKIE || value === undefined) continue
    const [actingCorp, userid] = decodeURIComponent(value).split(':', 2)
    if (actingCorp === corpid) return userid
  }
  return undefined
}
