import type { aWholeApp } from './whole-app.ts'

type WholeApp = Awaited<ReturnType<typeof aWholeApp>>

/** A browser inside a phone: keeps cookies by name, follows the way out to WeCom as whoever holds it, and comes back. */
export function aPhone(there: Pick<WholeApp, 'app'>) {
  const jar = new Map<string, string>()
  const ask = async (url: string, headers: Record<string, string> = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const reply = await there.app.inject({ url, headers: { cookie, accept: 'text/html', ...headers } })
    for (const { name, value, maxAge, expires } of reply.cookies) {
      if (maxAge === 0 || (expires && expires.getTime() < Date.now())) jar.delete(name)
      else jar.set(name, value)
    }
    return {
      status: reply.statusCode,
      location: String(reply.headers.location ?? ''),
      text: reply.body,
      headers: reply.headers,
    }
  }
  return {
    jar,
    ask,
    /** Where WeCom sends the browser back to, once the phone has said that `who` holds it. */
    async authorize(location: string, who: string): Promise<string> {
      const url = new URL(location)
      url.pathname = '/connect/oauth2/opened'
      url.searchParams.set('who', who)
      const reply = await fetch(url, { redirect: 'manual' })
      const back = new URL(reply.headers.get('location') ?? `http://refused/${reply.status}`)
      return `${back.pathname}${back.search}`
    },
    /** Opens a page as `who` and ends where the sign-in leads. */
    async signIn(url: string, who: string) {
      const out = await ask(url)
      return ask(await this.authorize(out.location, who))
    },
  }
}
