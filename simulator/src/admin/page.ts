import type { FaultRule } from '../faults.ts'
import { escapeHtml, layout } from '../login/page.ts'
import type { Corp } from '../world/corp.ts'
import { isGranted, SWITCHES } from './switches.ts'

const STYLE = `<style>
main { max-width:720px }
nav { display:flex; flex-wrap:wrap; gap:4px 16px; margin-bottom:16px }
nav a, .as-link { color:var(--brand) }
nav a[aria-current] { color:var(--ink); font-weight:600; text-decoration:none }
section { border-top:1px solid var(--line); padding:16px 0 }
h2 { font-size:14px; color:var(--ink); margin:0 0 8px }
dl { display:grid; grid-template-columns:120px minmax(0,1fr); gap:6px 12px; margin:0 0 12px }
dt { color:var(--ink-3) } dd { margin:0; overflow-wrap:anywhere; font-family:ui-monospace,monospace }
label { display:grid; gap:2px; margin-bottom:8px; color:var(--ink-2) }
label.tick { display:flex; gap:8px; align-items:center; color:var(--ink) }
input:not([type=checkbox]) { font:inherit; color:inherit; background:none; border:1px solid var(--line); border-radius:6px; padding:8px; min-width:0 }
form > button { width:auto; min-height:36px; padding:0 16px; background:var(--brand); color:var(--card) }
form > button.plain { background:none; color:var(--ink); border:1px solid var(--line) }
.said { padding:8px 12px; border-radius:6px; background:var(--warn-bg); color:var(--warn-text) }
.said.ok { background:var(--brand-bg); color:var(--brand) }
</style>`

export interface AdminView {
  corps: Corp[]
  corp: Corp | undefined
  rules: readonly FaultRule[]
  said?: { ok: boolean; text: string } | undefined
}

const field = (name: string, label: string, value = '', hint = '') =>
  `<label>${escapeHtml(label)}<input name="${name}" value="${escapeHtml(value)}" placeholder="${escapeHtml(hint)}" autocomplete="off" spellcheck="false"></label>`

const form = (corpid: string, what: string, body: string, button: string, plain = false) =>
  `<form method="post" action="/admin/${what}?corpid=${corpid}">${body}<button${plain ? ' class="plain"' : ''}>${escapeHtml(button)}</button></form>`

const values = (pairs: [string, string][]) =>
  `<dl>${pairs.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>`

/** What WeCom's admin console shows of one company, as far as connecting a program goes. */
export function adminPage({ corps, corp, rules, said }: AdminView): string {
  const tabs = corps
    .map(({ info }) => {
      const here = info === corp?.info ? ' aria-current="page"' : ''
      return `<a href="/admin?corpid=${info.corpid}"${here}>${escapeHtml(info.name)}</a>`
    })
    .join('')
  const open = `<form method="post" action="/admin/open"><button class="plain">新开一家还没接入的企业</button></form>`
  const notice = said ? `<p class="said${said.ok ? ' ok' : ''}" role="status">${escapeHtml(said.text)}</p>` : ''
  return layout(
    '管理后台',
    `${STYLE}<h1>管理后台</h1><p>这里替代 work.weixin.qq.com 的管理后台：拿企业 ID、Secret，开关权限，保存回调。</p><nav>${tabs}</nav>${notice}${corp ? sections(corp, rules) : ''}<section>${open}</section>`,
  )
}

function sections({ info }: Corp, rules: readonly FaultRule[]): string {
  const { corpid, name, agentId, appSecret, receivers, options } = info
  const ticks = SWITCHES.map((one) => {
    const checked = isGranted(rules, one, corpid) ? ' checked' : ''
    return `<label class="tick"><input type="checkbox" name="${one.name}"${checked}>${escapeHtml(one.label)}</label>`
  }).join('')
  const receiver = receivers.app
  return [
    `<h2>我的企业 · ${escapeHtml(name)}</h2>${values([['企业 ID', corpid]])}`,
    `<h2>应用管理 › 自建应用</h2>${values([
      ['AgentId', String(agentId)],
      ['Secret', appSecret],
    ])}${form(corpid, 'secret', '', '重置 Secret', true)}`,
    `<h2>权限</h2>${form(corpid, 'switches', ticks, '保存权限')}`,
    `<h2>接收消息 › 设置 API 接收</h2>${form(
      corpid,
      'receiver',
      field('url', 'URL', receiver?.url) +
        field('token', 'Token', receiver?.token) +
        field('encodingAesKey', 'EncodingAESKey', receiver?.encodingAesKey),
      '保存回调',
    )}`,
    `<h2>企业可信 IP、可信域名</h2>${form(
      corpid,
      'trusted',
      field('ips', '企业可信 IP', options.trustedIps.join(' '), '空着：谁都可以') +
        field('domains', '可信域名', options.trustedDomains.join(' '), '空着：哪里都可以'),
      '保存名单',
    )}`,
  ]
    .map((section) => `<section>${section}</section>`)
    .join('')
}
