// The client our pages run in, inside a phone of the world page: what WeCom's own app puts into its browser. It speaks to
// the phone around it, which is the world page, by messages, and to the page by `WeixinJSBridge`, as @wecom/jssdk expects.
// Loaded before the page's own script. Outside a phone it does nothing: the page is then in an ordinary browser.
;(() => {
  if (window.parent === window) return
  const world = new URL(document.currentScript.src).origin
  const waiting = new Map()
  let asked = 0

  /** Asks the phone. It answers with a result, whatever that says. */
  const ask = (name, params = {}) =>
    new Promise((resolve) => {
      const id = String(++asked)
      waiting.set(id, resolve)
      window.parent.postMessage({ siyuPhone: 'ask', id, name, params }, world)
    })
  window.addEventListener('message', ({ source, origin, data }) => {
    if (source !== window.parent || origin !== world || typeof data !== 'object' || data === null) return
    if (data.siyuPhone === 'answer') {
      waiting.get(data.id)?.(data.result)
      waiting.delete(data.id)
    }
    if (data.siyuPhone === 'point') pointAt(data.parts, data.number)
    if (data.siyuPhone === 'tap') document.querySelector(selectorOf(data.parts))?.click()
    // The phone closes its browser: pages hear of it as they would on a real one.
    if (data.siyuPhone === 'close') window.dispatchEvent(new Event('pagehide'))
  })

  // The page tells by this where it is: WeCom's browser names itself so.
  const plain = navigator.userAgent
  Object.defineProperty(navigator, 'userAgent', { get: () => `${plain} wxwork/4.1.36 MicroMessenger/7.0.1` })

  /** Phones in one browser share its cookies. A page opened for whoever held this phone before is opened anew. */
  const isHis = () => {
    const { phone } = JSON.parse(document.getElementById('boot')?.textContent ?? '{}')
    return ask('holder', { phone }).then(({ same }) => {
      if (same) return
      const url = new URL(location.href)
      url.searchParams.set('fresh', '1')
      location.replace(url)
      return new Promise(() => {})
    })
  }
  const ready = isHis()

  window.WeixinJSBridge = {
    invoke(name, params, answer) {
      const given = { ...params, url: location.href.split('#')[0] }
      void ready.then(() => ask(name, given)).then(answer)
    },
    on() {},
    call(name) {
      if (name === 'closeWindow') void ask('close')
    },
  }
  document.dispatchEvent(new Event('WeixinJSBridgeReady'))

  // ── the wire: what a page says to its server, and the address it would be forwarded by ──
  const plainFetch = window.fetch
  window.fetch = async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input, location.href)
    const begun = performance.now()
    const reply = await plainFetch(input, init)
    if (url.origin === location.origin && init.method && init.method !== 'GET') {
      const said = { method: init.method, path: url.pathname, status: reply.status, title: document.title }
      const text = await reply
        .clone()
        .text()
        .catch(() => '')
      void ask('told', { ...said, ms: performance.now() - begun, body: init.body, answer: text, url: location.href })
    }
    return reply
  }
  const replaceState = history.replaceState.bind(history)
  history.replaceState = (...given) => {
    replaceState(...given)
    void ask('at', { url: location.href, title: document.title })
  }

  // ── the guided path: its number stands on the thing itself, and what is touched is told ──
  const selectorOf = (parts) => parts.map((part) => `[data-part="${part}"]`).join(',')
  document.addEventListener(
    'click',
    ({ target }) => {
      const part = target instanceof Element && target.closest('[data-part]')
      if (part) void ask('touched', { part: part.dataset.part })
    },
    true,
  )
  const badge = document.createElement('div')
  badge.setAttribute('aria-hidden', 'true')
  badge.style.cssText =
    'position:fixed;z-index:9;width:22px;height:22px;border-radius:50%;background:#0F766E;color:#fff;font:600 13px/22px sans-serif;text-align:center;pointer-events:none;box-shadow:0 0 0 4px rgb(15 118 110 / 25%);display:none'
  let pointed = { parts: [], number: 0 }
  const place = () => {
    const thing =
      pointed.number > 0
        ? pointed.parts.map((part) => document.querySelector(`[data-part="${part}"]`)).find(Boolean)
        : undefined
    const { right = 0, top = 0, left = 0, height = 0 } = thing?.getBoundingClientRect() ?? {}
    // Under a sheet, or scrolled away, it is not to be tapped.
    const onTop = thing && document.elementFromPoint((left + right) / 2, top + height / 2)
    badge.style.display = onTop && thing.contains(onTop) ? 'block' : 'none'
    badge.style.left = `${Math.min(right - 8, innerWidth - 28)}px`
    badge.style.top = `${top + height / 2 - 22}px`
  }
  const pointAt = (parts, number) => {
    pointed = { parts, number }
    badge.textContent = number || ''
    if (!badge.isConnected) document.body.append(badge)
    place()
  }
  setInterval(place, 250)
  window.addEventListener('scroll', place, { passive: true })

  // How long the page took to be of use.
  new PerformanceObserver((list, observer) => {
    const [mark] = list.getEntriesByName('siyu-usable')
    if (!mark) return
    observer.disconnect()
    void ask('usable', { ms: Math.round(mark.startTime) })
  }).observe({ type: 'mark', buffered: true })
})()
