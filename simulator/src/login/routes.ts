import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Platform } from '../api/endpoint.ts'
import type { Corp } from '../world/corp.ts'
import { choicePage, phonePage, refusalPage } from './page.ts'

/** path/91022 and path/98152, 2026-11. */
const STATE = /^[a-zA-Z0-9_-]{0,128}$/

interface LoginRequest {
  corpid: string
  redirectUri: string
  state: string
  scope: string
}

/** The two ways a browser gets a code: inside the client (OAuth2) and on a desktop page (web login). */
export function registerLogin(app: FastifyInstance, { world, credentials }: Platform): void {
  const redirect = (reply: FastifyReply, login: LoginRequest, userid: string, how: string) => {
    const corp = world.corps.get(login.corpid)!
    const isCustomer = !corp.findStaff(userid)
    const url = new URL(login.redirectUri)
    url.searchParams.set(
      'code',
      credentials.issueCode({ corpid: login.corpid, userid, isCustomer, scope: login.scope }),
    )
    url.searchParams.set('state', login.state)
    world.wire.log({
      at: world.clock.virtualMs(),
      corpid: login.corpid,
      direction: 'page',
      api: `302 ${url.origin}${url.pathname}?code`,
      sentence: `${corp.findStaff(userid)?.name ?? corp.customers.get(userid)?.name}${how}`,
      result: '302',
      ok: true,
      ms: 0,
    })
    return reply.redirect(url.href, 302)
  }
  const refuse = (reply: FastifyReply, errcode: number, sentence: string) =>
    reply.code(400).type('text/html; charset=utf-8').send(refusalPage(errcode, sentence))

  const problemOf = ({ corpid, redirectUri, state }: LoginRequest): [number, string] | undefined => {
    const corp = world.corps.get(corpid)
    if (!corp) return [40013, '没有这个企业：corpid 不对']
    if (!URL.canParse(redirectUri) || !/^https?:/.test(redirectUri)) return [50001, 'redirect_uri 不是网址']
    const { trustedDomains } = corp.info.options
    const { host } = new URL(redirectUri)
    if (trustedDomains.length > 0 && !trustedDomains.includes(host))
      return [50001, `${host} 不是可信域名，端口也要一致`]
    return STATE.test(state) ? undefined : [40058, 'state 只能是字母和数字，最多 128 字节']
  }

  const readAuthorize = (request: FastifyRequest): LoginRequest => {
    const query = request.query as Record<string, string | undefined>
    return {
      corpid: query.appid ?? '',
      redirectUri: query.redirect_uri ?? '',
      state: query.state ?? '',
      // Without an agentid a wish for private details is silently treated as base.
      scope: query.scope === 'snsapi_privateinfo' && query.agentid ? 'snsapi_privateinfo' : 'snsapi_base',
    }
  }

  /** Inside the client there is nothing to choose: the page asks the phone it is shown in who holds it. */
  app.get('/connect/oauth2/authorize', async (request, reply) => {
    const login = readAuthorize(request)
    const problem = problemOf(login)
    if (problem) return refuse(reply, ...problem)
    const corp = world.corps.get(login.corpid)!
    return reply.type('text/html; charset=utf-8').send(phonePage(corp.info.name, login.corpid, peopleOf(corp)))
  })

  /** The same address with `who` holds the phone: back to where it came from, with a code. */
  app.get('/connect/oauth2/opened', async (request, reply) => {
    const login = readAuthorize(request)
    const problem = problemOf(login)
    if (problem) return refuse(reply, ...problem)
    const corp = world.corps.get(login.corpid)!
    const { who = '' } = request.query as { who?: string }
    if (!corp.findStaff(who) && !corp.customers.has(who)) return refuse(reply, 60111, '没有这个人')
    return redirect(reply, login, who, '打开了页面，客户端悄悄告诉系统是谁')
  })

  app.get('/wwlogin/sso/login', async (request, reply) => {
    const query = request.query as Record<string, string | undefined>
    const login = {
      corpid: query.appid ?? '',
      redirectUri: query.redirect_uri ?? '',
      state: query.state ?? '',
      scope: 'login',
    }
    const problem = problemOf(login)
    if (problem) return refuse(reply, ...problem)
    const corp = world.corps.get(login.corpid)!
    if (Number(query.agentid) !== corp.info.agentId) return refuse(reply, 40056, 'agentid 不对')
    return reply.type('text/html; charset=utf-8').send(pageFor(corp, login, '选一位成员来扫码。'))
  })

  app.register((scope, _options, done) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, parsed) => {
      parsed(null, Object.fromEntries(new URLSearchParams(body as string)))
    })
    scope.post('/wwlogin/scan', async (request, reply) => {
      const {
        corpid = '',
        redirectUri = '',
        state = '',
        scope: asked = '',
        userid = '',
      } = request.body as Record<string, string>
      const login = { corpid, redirectUri, state, scope: asked }
      const problem = problemOf(login)
      if (problem) return refuse(reply, ...problem)
      if (!world.corps.get(corpid)!.findStaff(userid)) return refuse(reply, 60111, '没有这个成员')
      return redirect(reply, login, userid, '扫码，带着登录码回到系统')
    })
    done()
  })
}

/** Newest customers whom a developer may be, on a page opened outside a phone. */
const CUSTOMERS_SHOWN = 8

function membersOf(corp: Corp) {
  const people = [...corp.staff.values()].filter((staff) => staff.status === 1)
  const choice = (staff: (typeof people)[number]) => ({
    id: staff.userid,
    name: staff.name,
    note: [corp.departments.get(staff.departmentIds[0] ?? 0)?.name, staff.position].filter(Boolean).join(' · '),
  })
  return [
    { title: '管理员', people: people.filter((staff) => staff.admin).map(choice) },
    { title: '成员', people: people.filter((staff) => !staff.admin).map(choice) },
  ].filter((group) => group.people.length > 0)
}

function peopleOf(corp: Corp) {
  const customers = [...corp.customers.values()].slice(-CUSTOMERS_SHOWN).reverse()
  const choices = customers.map(({ externalUserid, name }) => ({ id: externalUserid, name, note: '顾客' }))
  return [...membersOf(corp), ...(choices.length > 0 ? [{ title: '顾客', people: choices }] : [])]
}

const pageFor = (corp: Corp, login: LoginRequest, lead: string): string =>
  choicePage({ corpName: corp.info.name, lead, groups: membersOf(corp), hidden: { ...login } })
