import { avatarUrl } from './avatar.ts'
import { TOKEN_LIFE_S } from './credentials.ts'
import { type Endpoint, fail } from './endpoint.ts'

/** Calls with a wrong secret within an hour, after which the IP is refused for an hour (staff answer, unconfirmed). */
const WRONG_SECRETS_MAX = 2000
/** Fetches of a JS-SDK ticket an hour, of the corp and of one app (path/90506, 2026-11). */
const CORP_TICKETS_MAX = 400
const APP_TICKETS_MAX = 100

/** A fictional platform calls from where it runs. */
const OWN_IPS = ['127.0.0.1', '::1']

export const authEndpoints: Endpoint[] = [
  {
    path: 'gettoken',
    method: 'GET',
    by: 'none',
    params: [
      { at: 'corpid', is: 'text', need: 41002 },
      { at: 'corpsecret', is: 'text', need: 41004 },
    ],
    handle({ world, credentials, rates, query, ip }) {
      const corp = world.corps.get(query.corpid!) ?? fail(40013)
      const wrongSecrets = `wrong secret ${ip}`
      if (rates.blocked(wrongSecrets)) fail(45009, '错误的 Secret 太多，来源 IP 停用一小时')
      const { appSecret, contactSecret } = corp.info
      const kind = query.corpsecret === appSecret ? 'app' : query.corpsecret === contactSecret ? 'contacts' : undefined
      if (!kind) {
        rates.take(wrongSecrets, { hour: WRONG_SECRETS_MAX })
        fail(40001)
      }
      const token = credentials.issueToken(corp, kind)
      return { access_token: token.token, expires_in: Math.min(TOKEN_LIFE_S, credentials.secondsLeft(token)) }
    },
    say: () => '换到访问凭证，2 小时内复用',
  },
  {
    path: 'getcallbackip',
    method: 'GET',
    by: 'both',
    handle: () => ({ ip_list: OWN_IPS }),
    say: () => '查询回调来源 IP',
  },
  {
    path: 'get_api_domain_ip',
    method: 'GET',
    by: 'both',
    handle: () => ({ ip_list: OWN_IPS }),
    say: () => '查询接口域名 IP',
  },
  {
    path: 'get_jsapi_ticket',
    method: 'GET',
    by: 'app',
    handle({ corp, credentials, rates }) {
      if (corp.info.options.rateLimits) rates.take(`corp ticket ${corp.info.corpid}`, { hour: CORP_TICKETS_MAX })
      const { ticket, expiresIn } = credentials.jsTicket(corp, 'corp')
      return { ticket, expires_in: expiresIn }
    },
    say: () => '取侧边栏签名用的企业票据',
  },
  {
    path: 'ticket/get',
    method: 'GET',
    by: 'app',
    params: [{ at: 'type', is: 'text', need: 40058, oneOf: ['agent_config'] }],
    handle({ corp, credentials, rates }) {
      if (corp.info.options.rateLimits) rates.take(`app ticket ${corp.info.corpid}`, { hour: APP_TICKETS_MAX })
      const { ticket, expiresIn } = credentials.jsTicket(corp, 'agent')
      return { ticket, expires_in: expiresIn }
    },
    say: () => '取侧边栏签名用的应用票据',
  },
  {
    path: 'auth/getuserinfo',
    method: 'GET',
    by: 'app',
    params: [{ at: 'code', is: 'text', need: 40029 }],
    handle({ corp, credentials, query }) {
      const code = credentials.redeemCode(corp.info.corpid, query.code!)
      if (typeof code === 'number') return fail(code)
      if (code.isCustomer) {
        const customer = corp.customers.get(code.userid)
        const followed = corp.followsOfCustomer(code.userid).length > 0
        return {
          openid: `o${code.userid.slice(2, 29)}`,
          external_userid: followed ? customer?.externalUserid : undefined,
        }
      }
      if (code.scope !== 'snsapi_privateinfo') return { userid: code.userid }
      const { ticket, expiresIn } = credentials.issueUserTicket(corp.info.corpid, code.userid)
      return { userid: code.userid, user_ticket: ticket, expires_in: expiresIn }
    },
    say: ({ corp }, reply) => {
      const userid = reply?.userid
      return typeof userid === 'string'
        ? `用登录码换到身份：${corp.findStaff(userid)?.name ?? userid}`
        : '用登录码换身份'
    },
  },
  {
    path: 'auth/getuserdetail',
    method: 'POST',
    by: 'app',
    params: [{ at: 'user_ticket', is: 'text', need: 84015 }],
    handle({ corp, credentials, body, publicUrl }) {
      const ticket = credentials.readUserTicket(corp.info.corpid, body.user_ticket as string)
      if (typeof ticket === 'number') return fail(ticket)
      const staff = corp.findStaff(ticket.userid) ?? fail(60111)
      return {
        userid: staff.userid,
        gender: staff.gender,
        avatar: avatarUrl(publicUrl, staff.name),
        mobile: staff.mobile,
        qr_code: avatarUrl(publicUrl, staff.name),
      }
    },
    say: () => '成员授权后读取敏感资料',
  },
]
