import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Platform } from '../api/endpoint.ts'
import { ReceiverBody } from '../control/corps.ts'
import { guardControl } from '../control/guard.ts'
import { verifyReceiver } from '../outbox/verify.ts'
import type { Corp } from '../world/corp.ts'
import { adminPage } from './page.ts'
import { setSwitches } from './switches.ts'

type Said = { ok: boolean; text: string }
type Fields = Record<string, string>

const words = (text = '') => text.split(/[\s,;，；]+/).filter(Boolean)

/** The administrator's console of every company, for people: what they copy from it, and what they may refuse there. */
export function registerAdmin(app: FastifyInstance, { world, credentials }: Platform): void {
  const corps = () => [...world.corps.values()]
  const corpOf = (request: FastifyRequest): Corp | undefined =>
    world.corps.get((request.query as { corpid?: string }).corpid ?? '') ??
    corps().findLast(({ info }) => info.options.byHand) ??
    corps()[0]
  const show = (reply: FastifyReply, corp: Corp | undefined, said?: Said) =>
    reply
      .type('text/html; charset=utf-8')
      .send(adminPage({ corps: corps(), corp, rules: world.faults.rules, ...(said && { said }) }))

  const deeds: Record<string, (corp: Corp, given: Fields) => Said | Promise<Said>> = {
    secret(corp) {
      corp.info.appSecret = corp.makeId('', 43) // saves
      credentials.revoke(corp.info.corpid)
      return { ok: true, text: '已重置，旧的 Secret 作废了' }
    },
    switches(corp, given) {
      world.faults.setRules(setSwitches(world.faults.rules, corp.info.corpid, new Set(Object.keys(given))))
      world.saveFaults()
      return { ok: true, text: '权限已保存' }
    },
    trusted(corp, { ips, domains }) {
      Object.assign(corp.info.options, { trustedIps: words(ips), trustedDomains: words(domains) })
      corp.saveInfo()
      return { ok: true, text: '名单已保存' }
    },
    async receiver(corp, given) {
      const parsed = ReceiverBody.safeParse(given)
      if (!parsed.success) return { ok: false, text: 'URL 要以 http 开头，Token 和 EncodingAESKey 是字母和数字' }
      const { purpose: _both, ...receiver } = parsed.data
      const { verified, reason } = await verifyReceiver(world, corp.info.corpid, receiver)
      if (!verified) return { ok: false, text: `openapi 请求回调地址不通过：${reason}` }
      corp.info.receivers = { app: { ...receiver }, contacts: { ...receiver } }
      corp.saveInfo()
      return { ok: true, text: reason }
    },
  }

  void app.register((scope, _options, done) => {
    guardControl(scope)
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, parsed) => {
      parsed(null, Object.fromEntries(new URLSearchParams(body as string)))
    })
    scope.get('/admin', (request, reply) => show(reply, corpOf(request)))
    scope.post('/admin/open', (_request, reply) => {
      const corp = openCompany(world)
      return reply.redirect(`/admin?corpid=${corp.info.corpid}`, 303)
    })
    scope.post('/admin/:deed', async (request, reply) => {
      const deed = deeds[(request.params as { deed: string }).deed]
      const corp = corpOf(request)
      if (!deed || !corp) return reply.code(404).send('没有这一项')
      return show(reply, corp, await deed(corp, request.body as Fields))
    })
    done()
  })
}

const MEMBERS = [
  ['qiuhe', '邱禾'],
  ['linan', '林岸'],
  ['songya', '宋雅'],
] as const

/** A small company with three members, to be connected by hand; it trusts nobody yet, as a new one does. */
function openCompany(world: Platform['world']): Corp {
  const name = `青禾书店${world.corps.size > 1 ? ` ${world.corps.size}` : ''}`
  const corp = world.createCorp({ name, options: { byHand: true, trustedIps: ['203.0.113.9'] } })
  corp.saveDepartment({ id: 1, name, parentId: 0, order: 100_000_000 })
  for (const [userid, member] of MEMBERS) {
    corp.saveStaff({
      userid,
      name: member,
      departmentIds: [1],
      position: '店员',
      gender: '0',
      mobile: '',
      leads: [],
      status: 1,
      mayContact: true,
    })
  }
  return corp
}
