/** Colours of the look: warm paper, ink, our teal; the dark set where the phone asks for it. */
export const LANDING_STYLE = `
:root{--page:#F6F5F1;--card:#fff;--ink:#1D2320;--ink-3:#666D68;--line:#E7E4DC;--brand:#0F766E;--brand-bg:#E9F4F2}
@media(prefers-color-scheme:dark){:root{--page:#0E1110;--card:#161A19;--ink:#E9EDEA;--ink-3:#919A95;--line:#282E2C;--brand:#2DD4BF;--brand-bg:#12302C}}
*{box-sizing:border-box;margin:0}
body{font:16px/1.6 'PingFang SC','HarmonyOS Sans SC','Microsoft YaHei','Noto Sans CJK SC',system-ui,sans-serif;background:var(--page);color:var(--ink);min-height:100vh;display:flex;flex-direction:column;align-items:center;padding:48px 20px 24px}
main{width:100%;max-width:360px;background:var(--card);border:1px solid var(--line);border-radius:16px;padding:28px 24px;text-align:center}
h1{font-size:20px;font-weight:600;line-height:1.4}
.who{margin-top:4px;color:var(--ink-3);font-size:14px}
.qr{display:block;width:min(100%,264px);aspect-ratio:1;margin:20px auto 16px;border-radius:10px;background:#fff}
.do{display:inline-block;background:var(--brand-bg);color:var(--brand);border-radius:999px;padding:6px 16px;font-weight:500}
.note{margin-top:14px;color:var(--ink-3);font-size:13px}
footer{margin-top:auto;padding-top:24px;color:var(--ink-3);font-size:12px}
`

export interface LandingContent {
  corpName: string
  greeters: string[]
  /** Address of the picture; none while WeCom has not made the code. */
  qrSrc: string | undefined
}

/** The page a counted code leads to: whose it is, who will greet, and the picture to press. No script, nothing from elsewhere. */
export function landingPage({ corpName, greeters, qrSrc }: LandingContent): string {
  const [first, ...others] = greeters
  const who =
    first === undefined
      ? ''
      : others.length === 0
        ? `${first} 会接待你`
        : `${first}等 ${greeters.length} 位同事会接待你`
  const body = qrSrc
    ? `<img class="qr" src="${escapeHtml(qrSrc)}" alt="${escapeHtml(`${corpName}的二维码`)}" width="264" height="264">
<p class="do">长按上图，识别二维码</p>
<p class="note">添加后就能直接聊天</p>`
    : `<p class="note">二维码正在准备，几秒后会自动出现。</p>`
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
${qrSrc ? '' : '<meta http-equiv="refresh" content="4">'}<title>${escapeHtml(corpName)}</title><style>${LANDING_STYLE}</style></head>
<body><main><h1>${escapeHtml(corpName)}</h1>${who ? `<p class="who">${escapeHtml(who)}</p>` : ''}
${body}</main><footer>请确认是你认识的商家再添加</footer></body></html>`
}

/** For an address that leads nowhere: told to a customer, so without our words for things. */
export const goneLanding = (): string => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>页面不存在</title><style>${LANDING_STYLE}</style></head>
<body><main><h1>这个二维码已经不用了</h1><p class="note">请向店员要一个新的。</p></main></body></html>`

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
