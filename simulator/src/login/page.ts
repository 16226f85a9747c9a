import { avatarUrl } from '../api/avatar.ts'

/** Colours of the console's light and dark themes, so that the way from our page to this one is no jump. */
const STYLE = `
:root { --page:#F6F5F1; --card:#fff; --line:#E7E4DC; --hover:#F4F2ED; --ink:#1D2320; --ink-2:#525A55; --ink-3:#666D68; --brand:#0F766E; --brand-bg:#E9F4F2; --warn-text:#A14B06; --warn-bg:#FDF5E6 }
@media (prefers-color-scheme: dark) { :root { --page:#0E1110; --card:#161A19; --line:#282E2C; --hover:#202624; --ink:#E9EDEA; --ink-2:#B0B8B3; --ink-3:#919A95; --brand:#2DD4BF; --brand-bg:#12302C; --warn-text:#F2B85C; --warn-bg:#2A2114 } }
* { box-sizing:border-box }
body { margin:0; min-height:100vh; display:grid; place-items:center; padding:24px 16px; background:var(--page); color:var(--ink); font:14px/1.55 'PingFang SC','HarmonyOS Sans SC','Microsoft YaHei','Noto Sans CJK SC',system-ui,sans-serif }
main { width:100%; max-width:440px; background:var(--card); border:1px solid var(--line); border-radius:10px; padding:24px }
h1 { font-size:20px; line-height:1.4; margin:0 0 4px }
p { margin:0 0 16px; color:var(--ink-2) }
.badge { display:inline-block; margin-bottom:12px; padding:2px 8px; border-radius:6px; font-size:12px; color:var(--warn-text); background:var(--warn-bg) }
h2 { font-size:12px; font-weight:600; color:var(--ink-3); margin:16px 0 4px }
button { display:flex; align-items:center; gap:12px; width:100%; min-height:48px; padding:6px 8px; border:0; border-radius:8px; background:none; color:inherit; font:inherit; text-align:left; cursor:pointer }
button:hover { background:var(--hover) }
button:focus-visible { outline:2px solid var(--brand); outline-offset:1px }
button img { width:36px; height:36px; border-radius:50% }
button span { display:block; color:var(--ink-3); font-size:12px }
.hint { margin:16px 0 0; font-size:12px; color:var(--ink-3) }
`

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** The frame of every page of ours that is one column. */
export function layout(title: string, body: string): string {
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style><main><div class="badge">模拟企业微信</div>${body}</main></html>`
}

export interface LoginChoice {
  id: string
  name: string
  note: string
}
export interface LoginGroup {
  title: string
  people: LoginChoice[]
}

/** Who scans? One button a person; `hidden` goes back to us with the choice. */
export function choicePage(page: {
  corpName: string
  lead: string
  groups: LoginGroup[]
  hidden: Record<string, string>
}): string {
  const fields = Object.entries(page.hidden)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join('')
  const groups = page.groups.map(choicesOf).join('')
  return layout(
    `登录${page.corpName}`,
    `<h1>登录${escapeHtml(page.corpName)}</h1><p>${escapeHtml(page.lead)}</p><form method="post" action="/wwlogin/scan">${fields}${groups}</form><p class="hint">这里没有真的二维码要扫：点一位成员，就算他用企业微信扫过了。</p>`,
  )
}

const choicesOf = ({ title, people }: LoginGroup) => `<h2>${escapeHtml(title)}</h2>${people.map(choice).join('')}`

/** How long a phone may take to say who holds it; after that the page was opened outside one. */
const PHONE_ANSWERS_MS = 1_500

/**
 * Asks the phone around it who holds it, and goes on as him. Outside a phone a developer chooses: the page that opens then
 * is the one the chosen person would see.
 */
export function phonePage(corpName: string, corpid: string, groups: LoginGroup[]): string {
  const body = `<h1>谁在打开这个页面？</h1><p>在手机里打开时不会问：${escapeHtml(corpName)}直接认得。这里不在手机里，选一位继续。</p><div id="people" hidden>${groups.map(choicesOf).join('')}</div>
<script>
const people = document.getElementById('people')
const go = (who) => {
  const to = new URL('/connect/oauth2/opened' + location.search, location.origin)
  to.searchParams.set('who', who)
  location.replace(to)
}
people.addEventListener('click', (event) => {
  const button = event.target.closest('button')
  if (button) go(button.value)
})
if (parent === window) people.hidden = false
else {
  document.body.style.visibility = 'hidden'
  addEventListener('message', ({ source, origin, data }) => {
    if (source === parent && origin === location.origin && data?.siyuPhone === 'answer' && data.result?.who) go(data.result.who)
  })
  parent.postMessage({ siyuPhone: 'ask', id: 'who', name: 'who', params: { corpid: ${JSON.stringify(corpid).replaceAll('<', '\\u003c')} } }, location.origin)
  setTimeout(() => {
    document.body.style.visibility = ''
    people.hidden = false
  }, ${PHONE_ANSWERS_MS})
}
</script>`
  return layout(`打开${corpName}的页面`, body)
}

function choice({ id, name, note }: LoginChoice): string {
  return `<button name="userid" value="${escapeHtml(id)}"><img alt="" src="${avatarUrl('', name)}"><div>${escapeHtml(name)}<span>${escapeHtml(note)}</span></div></button>`
}

export function refusalPage(errcode: number, sentence: string): string {
  return layout('无法登录', `<h1>无法登录</h1><p>${escapeHtml(sentence)}</p><p class="hint">错误码 ${errcode}</p>`)
}
