/** What a page does with the tracker once it is there. */
export interface Told {
  endpoint: string
  webKey: string
  token: string | undefined
  isNewcomer: boolean
  calls: { name: string; given: unknown[] }[]
  /** What the shop's server has just told, beside the page. */
  byServer: { words: string; state: string } | undefined
}

const WORDS: Readonly<Record<string, string>> = {
  page: '看页面',
  identify: '说明是谁',
  'product.viewed': '看商品',
  'search.made': '搜索',
  'favourite.added': '收藏',
  'cart.added': '加购',
  'product.bought': '下单（网页说的）',
  'element.clicked': '点击',
  'element.viewed': '看到',
}
const SHOWN_MAX = 12

/** JSON that may stand in a script element. */
const inScript = (value: unknown) => JSON.stringify(value ?? null).replaceAll('<', '\\u003c')

/** The last things sent, over pages, in the strip at the foot; and the tracker as any shop would paste it. */
export function script(told: Told): string {
  return `<script>
var WORDS = ${inScript(WORDS)}, told = ${inScript(told)}
var shown = JSON.parse(sessionStorage.getItem('shop.sent') || '[]')
function show(line) {
  if (line) shown.unshift(line)
  shown = shown.slice(0, ${SHOWN_MAX})
  sessionStorage.setItem('shop.sent', JSON.stringify(shown))
  document.getElementById('sent').replaceChildren.apply(document.getElementById('sent'), shown.map(function (one) {
    var item = document.createElement('li'), state = document.createElement('span')
    item.textContent = one.words + ' '
    state.className = one.isTrusted ? 'trusted' : 'doubted'
    state.textContent = one.state
    item.append(state)
    return item
  }))
}
function sent(items, answer) {
  items.forEach(function (item, index) {
    var kind = item.event || item.type, given = item.properties || {}
    var isRefused = answer.refused.some(function (one) { return one.index === index })
    var isTrusted = !!told.token && kind !== 'product.bought'
    var what = given.name || given.words || given.title || given.productNo
    show({
      words: (WORDS[kind] || kind) + (what ? '「' + what + '」' : ''),
      isTrusted: isTrusted && !isRefused,
      state: isRefused ? '被拒收' : isTrusted ? '可信' : '未经证实',
    })
  })
  if (answer.duplicates > 0) show({ words: '其中 ' + answer.duplicates + ' 件说过了', state: '只算一次', isTrusted: true })
}
window.siyu = window.siyu || []
siyu.push(function (siyu) {
  siyu.init({ key: told.webKey, endpoint: told.endpoint, personToken: told.token || undefined, onSent: sent })
  if (told.isNewcomer) siyu.identify({}, told.token || undefined)
  told.calls.forEach(function (call) { siyu[call.name].apply(siyu, call.given) })
  document.getElementById('leave').addEventListener('submit', function () { siyu.signOut() })
  document.getElementById('opt-out').addEventListener('click', function () { siyu.optOut(); shown = []; show({ words: '已停止统计', state: '什么也不发', isTrusted: false }) })
  document.getElementById('opt-in').addEventListener('click', function () { siyu.optIn(); show({ words: '恢复统计', state: '从现在起', isTrusted: true }) })
})
show(told.byServer && { words: told.byServer.words, state: told.byServer.state, isTrusted: true })
</script><script async src="${told.endpoint}/tracker.js"></script>`
}
