import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Platform } from '../api/endpoint.ts'
import { guardControl } from '../control/guard.ts'
import type { Corp } from '../world/corp.ts'
import type { ShopKeys } from '../world/records.ts'
import { findTea, searchTeas, TEAS } from './goods.ts'
import { amountOf, cartPage, closedPage, listPage, type Shop, teaPage, thanksPage } from './page.ts'
import type { Told } from './script.ts'
import { tellOrder, tokenFor } from './siyu.ts'
import { type Visit, Visits } from './visits.ts'

interface Open {
  visit: Visit
  corp: Corp
  keys: ShopKeys
}

/** The online shop of a company that has been given keys. It shows how any shop would speak to Siyu; it is local, as the controls are. */
export function registerShop(app: FastifyInstance, { world }: Platform): void {
  const visits = new Visits()
  const openOf = (request: FastifyRequest): Open | undefined => {
    const visit = visits.find(request.headers.cookie)
    const corp = visit && world.corps.get(visit.corpid)
    return visit && corp?.info.shop ? { visit, corp, keys: corp.info.shop } : undefined
  }
  const now = () => world.clock.virtualMs()

  async function shopOf({ visit, corp, keys }: Open, given: Partial<Told> = {}): Promise<Shop> {
    const had = visit.token
    const token = await tokenFor(visit, keys, now())
    const { endpoint, webKey } = keys
    const isNewcomer = token !== undefined && visit.token !== had
    const told = { endpoint, webKey, token, isNewcomer, calls: [], byServer: undefined, ...given }
    return { visit, personName: corp.customers.get(visit.externalUserid ?? '')?.name, told }
  }
  const show = (reply: FastifyReply, page: string, status = 200) =>
    reply.code(status).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page)

  void app.register(
    (scope, _options, done) => {
      guardControl(scope)
      scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, parsed) =>
        parsed(null, Object.fromEntries(new URLSearchParams(body as string))),
      )
      scope.get('/enter', (request, reply) => {
        const { corpid = '', who } = request.query as { corpid?: string; who?: string }
        const known = who !== undefined && world.corps.get(corpid)?.customers.has(who) ? who : undefined
        return reply.header('set-cookie', visits.open(corpid, known)).redirect('/shop/', 303)
      })
      const get = (path: string, page: (open: Open, request: FastifyRequest) => Promise<string | undefined>) =>
        scope.get(path, async (request, reply) => {
          const open = openOf(request)
          const made = open && (await page(open, request))
          return made === undefined ? show(reply, closedPage(), open ? 404 : 503) : show(reply, made)
        })
      const post = (path: string, act: (open: Open, given: Record<string, string>) => Promise<string> | string) =>
        scope.post(path, async (request, reply) => {
          const open = openOf(request)
          const given = { ...(request.body as object), ...(request.params as object) }
          return reply.redirect(open ? await act(open, given) : '/shop/', 303)
        })
      addPages(get, shopOf)
      addActs(post, now)
      done()
    },
    { prefix: '/shop' },
  )
}

type Get = (path: string, page: (open: Open, request: FastifyRequest) => Promise<string | undefined>) => void
type Post = (path: string, act: (open: Open, given: Record<string, string>) => Promise<string> | string) => void

function addPages(get: Get, shopOf: (open: Open, given?: Partial<Told>) => Promise<Shop>): void {
  get('/', async (open, request) => {
    const words = ((request.query as { q?: string }).q ?? '').trim().slice(0, 30)
    const teas = words === '' ? TEAS : searchTeas(words)
    const calls = words === '' ? [] : [{ name: 'search', given: [words, teas.length] }]
    return listPage(await shopOf(open, { calls }), words, teas)
  })
  get('/tea/:productNo', async (open, request) => {
    const tea = findTea((request.params as { productNo: string }).productNo)
    if (!tea) return undefined
    const { note: _said, ...product } = tea
    return teaPage(await shopOf(open, { calls: [{ name: 'viewProduct', given: [product] }] }), tea)
  })
  get('/cart', async (open) => cartPage(await shopOf(open)))
  get('/thanks/:orderNo', async (open, request) => {
    const order = open.visit.orders.get((request.params as { orderNo: string }).orderNo)
    if (!order) return undefined
    const items = order.lines.map(({ productNo, number }) => {
      const { name, category, priceFen } = findTea(productNo)!
      return { productNo, name, category, number, amountFen: priceFen * number }
    })
    const calls = [{ name: 'order', given: [{ orderNo: order.orderNo, items }] }]
    const byServer = { words: `订单 ${order.orderNo}（商城服务器说的）`, state: order.told }
    return thanksPage(await shopOf(open, { calls, byServer }), order)
  })
}

function addActs(post: Post, now: () => number): void {
  post('/sign-in', ({ visit }) => {
    visit.isSignedIn = visit.externalUserid !== undefined
    return '/shop/'
  })
  post('/sign-out', ({ visit }) => {
    visit.isSignedIn = false
    visit.token = undefined
    return '/shop/'
  })
  post('/favourite/:productNo', ({ visit }, { productNo = '' }) => {
    if (findTea(productNo)) visit.favourites.add(productNo)
    return `/shop/tea/${productNo}`
  })
  post('/cart/:productNo', ({ visit }, { productNo = '' }) => {
    if (findTea(productNo)) visit.cart.set(productNo, (visit.cart.get(productNo) ?? 0) + 1)
    return `/shop/tea/${productNo}`
  })
  post('/checkout', async ({ visit, keys }, { phone = '' }) => {
    const ids: Record<string, string> = visit.isSignedIn ? { external_userid: visit.externalUserid! } : { phone }
    if (visit.cart.size === 0) return '/shop/cart'
    const order = {
      orderNo: `CP${now().toString(36)}${randomBytes(3).toString('hex')}`.toUpperCase(),
      lines: [...visit.cart].map(([productNo, number]) => ({ productNo, number })),
      amountFen: amountOf(visit),
    }
    visit.orders.set(order.orderNo, { ...order, told: await tellOrder(keys, order, ids, now()) })
    visit.cart.clear()
    return `/shop/thanks/${order.orderNo}`
  })
}
