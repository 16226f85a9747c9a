import { escapeHtml } from '../login/page.ts'
import { findTea, type Tea } from './goods.ts'
import { script, type Told } from './script.ts'
import type { Order, Visit } from './visits.ts'

const STYLE = `
:root { --page:#F6F5F1; --card:#fff; --line:#E7E4DC; --ink:#1D2320; --ink-2:#525A55; --ink-3:#666D68; --brand:#0F766E; --on-brand:#fff; --brand-bg:#E9F4F2; --warn-text:#A14B06; --warn-bg:#FDF5E6 }
@media (prefers-color-scheme: dark) { :root { --page:#0E1110; --card:#161A19; --line:#282E2C; --ink:#E9EDEA; --ink-2:#B0B8B3; --ink-3:#919A95; --brand:#2DD4BF; --on-brand:#08211E; --brand-bg:#12302C; --warn-text:#F2B85C; --warn-bg:#2A2114 } }
* { box-sizing:border-box }
body { margin:0; background:var(--page); color:var(--ink); font:15px/1.6 'PingFang SC','HarmonyOS Sans SC','Microsoft YaHei','Noto Sans CJK SC',system-ui,sans-serif; padding-bottom:200px }
header, main { max-width:880px; margin:0 auto; padding:16px }
header { display:flex; flex-wrap:wrap; gap:8px 16px; align-items:center }
header b { font-size:18px } header a { color:inherit; text-decoration:none } header .who { margin-left:auto; color:var(--ink-2) } header form { margin:0 }
main a { color:var(--brand) }
h1 { font-size:22px; margin:0 0 4px; line-height:1.3 }
p { margin:0 0 12px; color:var(--ink-2) }
form { display:inline-flex; gap:8px; flex-wrap:wrap; margin:0 8px 8px 0 }
button, input { font:inherit; color:inherit; min-height:40px; border-radius:8px; border:1px solid var(--line); background:var(--card); padding:0 14px }
button { cursor:pointer } button.main { background:var(--brand); border-color:var(--brand); color:var(--on-brand) }
button.link { min-height:32px; border:0; background:none; padding:0 4px; color:var(--brand); text-decoration:underline }
:focus-visible { outline:2px solid var(--brand); outline-offset:2px }
.goods { display:grid; grid-template-columns:repeat(auto-fill,minmax(150px,1fr)); gap:16px; padding:0; list-style:none }
.goods a, .tea { display:block; background:var(--card); border:1px solid var(--line); border-radius:12px; overflow:hidden; color:inherit; text-decoration:none }
.picture { display:grid; place-items:center; height:120px; background:var(--brand-bg); color:var(--brand); font-size:44px }
.words { padding:12px 14px } .words span { display:block; color:var(--ink-3); font-size:13px }
.words .price { color:var(--brand); font-weight:600 }
.tea .picture { height:200px; font-size:80px } .tea .words { padding:20px }
table { width:100%; border-collapse:collapse; margin-bottom:16px } td, th { padding:10px 4px; border-bottom:1px solid var(--line); text-align:left; font-weight:400 } td:last-child { text-align:right }
.badge { padding:2px 8px; border-radius:6px; font-size:12px; color:var(--warn-text); background:var(--warn-bg) }
.sent { position:fixed; left:0; right:0; bottom:0; max-height:180px; overflow:auto; background:var(--card); border-top:1px solid var(--line); padding:10px 16px; font-size:13px }
.sent > div { max-width:848px; margin:0 auto } .sent h2 { display:inline; font-size:13px; margin:0 }
.sent ul { margin:4px 0 0; padding:0; list-style:none; display:flex; flex-wrap:wrap; gap:6px 12px } .sent ul:empty::after { content:'还没有'; color:var(--ink-3) }
.trusted { color:var(--brand) } .doubted { color:var(--warn-text) }
`

const yuan = (fen: number) => `¥${(fen / 100).toFixed(fen % 100 === 0 ? 0 : 2)}`
const picture = (tea: Tea) => `<div class="picture" aria-hidden="true">${escapeHtml(tea.category[0]!)}</div>`

export interface Shop {
  visit: Visit
  /** On whose phone it is open. */
  personName: string | undefined
  told: Told
}

function layout(title: string, body: string, { visit, personName, told }: Shop): string {
  const inCart = [...visit.cart.values()].reduce((sum, number) => sum + number, 0)
  const who = visit.isSignedIn
    ? `${escapeHtml(personName ?? '')} 已登录 <form id="leave" method="post" action="/shop/sign-out"><button class="link">退出</button></form>`
    : `没有登录 <form id="leave" hidden></form>${
        personName
          ? `<form method="post" action="/shop/sign-in"><button class="link">登录为${escapeHtml(personName)}</button></form>`
          : ''
      }`
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style>
<header><a href="/shop/"><b>见山茶事 · 线上茶铺</b></a><span class="badge">模拟商城</span><span class="who">${who}</span><a href="/shop/cart" data-siyu-click="购物车">购物车 ${inCart}</a></header>
<main>${body}</main>
<section class="sent" aria-label="发出的事件"><div><h2>发出的事件</h2> <button class="link" id="opt-out" type="button">不许统计</button> <button class="link" id="opt-in" type="button">允许统计</button><ul id="sent"></ul></div></section>
${script(told)}</html>`
}

export function listPage(shop: Shop, words: string, teas: readonly Tea[]): string {
  const rows = teas.map(
    (tea) =>
      `<li><a href="/shop/tea/${tea.productNo}">${picture(tea)}<div class="words">${escapeHtml(tea.name)}<span>${escapeHtml(tea.category)}</span><span class="price">${yuan(tea.priceFen)}</span></div></a></li>`,
  )
  const found = words === '' ? '' : `<p>「${escapeHtml(words)}」找到 ${teas.length} 样</p>`
  return layout(
    '见山茶事 · 线上茶铺',
    `<form action="/shop/" role="search"><input name="q" value="${escapeHtml(words)}" placeholder="搜茶、茶具" aria-label="搜索" maxlength="30"><button>搜索</button></form>${found}<ul class="goods">${rows.join('')}</ul><p data-siyu-view="页底的门店介绍">六家店都在成都，线上下单从离您最近的一家发出。</p>`,
    shop,
  )
}

export function teaPage(shop: Shop, tea: Tea): string {
  const { productNo, name, category, priceFen } = tea
  const marked = (event: string, given: object) =>
    `data-siyu-event="${event}" data-siyu-props="${escapeHtml(JSON.stringify(given))}"`
  const isLiked = shop.visit.favourites.has(productNo)
  return layout(
    name,
    `<article class="tea">${picture(tea)}<div class="words"><h1>${escapeHtml(name)}</h1><p>${escapeHtml(tea.note)}</p><p class="price">${yuan(priceFen)}</p>
<form method="post" action="/shop/favourite/${productNo}"><button ${isLiked ? 'disabled' : marked('favourite.added', { productNo, name, category })}>${isLiked ? '已收藏' : '收藏'}</button></form>
<form method="post" action="/shop/cart/${productNo}"><button class="main" ${marked('cart.added', { productNo, name, category, priceFen, number: 1 })}>加入购物车</button></form></div></article>`,
    shop,
  )
}

export function cartPage(shop: Shop): string {
  const { visit } = shop
  const rows = [...visit.cart].map(([productNo, number]) => {
    const tea = findTea(productNo)!
    return `<tr><td>${escapeHtml(tea.name)}</td><td>× ${number}</td><td>${yuan(tea.priceFen * number)}</td></tr>`
  })
  const phone = visit.isSignedIn
    ? ''
    : '<input name="phone" inputmode="numeric" pattern="1\\d{10}" required placeholder="手机号" aria-label="手机号" maxlength="11">'
  const body =
    rows.length === 0
      ? '<p>购物车是空的。<a href="/shop/">去挑一样</a></p>'
      : `<table><tbody>${rows.join('')}</tbody></table><form method="post" action="/shop/checkout">${phone}<button class="main">付款 ${yuan(amountOf(visit))}</button></form><p>付款是假的：商城的服务器会把订单发给 Siyu。</p>`
  return layout('购物车', `<h1>购物车</h1>${body}`, shop)
}

export function thanksPage(shop: Shop, { orderNo, amountFen, told }: Order): string {
  return layout(
    '下单成功',
    `<h1>下单成功</h1><p>订单 ${orderNo}，付了 ${yuan(amountFen)}。</p><p>商城的服务器报给 Siyu 的订单：${escapeHtml(told)}。网页自己也说了一次，但网页说的不作数。</p><p><a href="/shop/">接着逛</a></p>`,
    shop,
  )
}

export const closedPage = () =>
  `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>茶铺还没开门</title><style>${STYLE}</style><main><h1>茶铺还没开门</h1><p>Siyu 启动后会把密钥交给它，几秒就好。请从<a href="/world/">模拟世界</a>里顾客的手机进来。</p></main></html>`

export const amountOf = ({ cart }: Visit): number =>
  [...cart].reduce((sum, [productNo, number]) => sum + findTea(productNo)!.priceFen * number, 0)
