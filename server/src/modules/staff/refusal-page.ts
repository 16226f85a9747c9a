const escapeHtml = (text: string) =>
  text.replaceAll(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character]!)

/** What a person sees whose scan was refused: why, and the way back. */
export const refusalPage = (message: string): string =>
  page('没能登录', `<h1>没能登录</h1><p>${escapeHtml(message)}</p><a href="/sign-in">回登录页</a>`)

/** What a person sees inside WeCom or WeChat whose page could not be opened. */
export const mobileRefusal = (message: string): string =>
  page('没能打开', `<h1>没能打开</h1><p style="margin:0">${escapeHtml(message)}</p>`)

/** No script, so it works under the strictest policy. */
function page(title: string, body: string): string {
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Siyu 私域</title>
<style>:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;background:light-dark(#F6F5F1,#0E1110);color:light-dark(#1D2320,#E9EDEA);font:14px/22px system-ui,"PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:420px;margin:20px;padding:28px;background:light-dark(#fff,#161A19);border:1px solid light-dark(#E7E4DC,#282E2C);border-radius:10px}h1{margin:0 0 8px;font-size:18px}p{margin:0 0 20px}
a{display:inline-block;padding:8px 16px;border-radius:8px;background:light-dark(#0F766E,#2DD4BF);color:light-dark(#fff,#0E1110);text-decoration:none}</style>
<main>${body}</main></html>`
}
