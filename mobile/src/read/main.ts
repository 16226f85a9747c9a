import { drawBody } from './bodies.ts'
import { el, hills, say } from './draw.ts'
import { type Page, readBoot } from './page.ts'
import { type Beat, Reading } from './reading.ts'

interface Heard {
  counted: boolean
  ended: boolean
  forward: string | null
}

const TICK_MS = 1_000
/** A link of a list we trust is gone through once it has been counted. */
const LEAVE_MS = 2_200
const CHARACTERS_A_MINUTE = 450

const root = document.getElementById('page')!
const boot = readBoot()
if (boot.is === 'gone') drawGone()
else drawPage(boot)

function drawGone(): void {
  document.title = '打不开了'
  root.append(
    el(
      'div',
      { class: 'alone' },
      el('h1', {}, '这个链接打不开了'),
      el('p', {}, '内容可能已经下架，请向发给您的人要一个新的。'),
    ),
  )
}

function drawPage(page: Page): void {
  document.title = page.title
  // How it was signed in is nobody's business, least of all of whoever it is forwarded to.
  history.replaceState(null, '', `/r/${page.token}`)
  const bar = el('i')
  const body = drawBody(page, (url) => leave(url))
  const told = el('div', { class: 'told', hidden: page.preview })
  root.append(
    el('div', { class: 'bar', ariaHidden: 'true' }, bar),
    page.cover && !['image', 'video', 'pdf'].includes(page.kind)
      ? el('img', { class: 'cover', src: page.cover, alt: '' })
      : page.kind === 'article'
        ? hills()
        : '',
    el(
      'main',
      {},
      el('h1', {}, page.title),
      el('p', { class: 'by' }, ...byline(page).map((words) => el('span', {}, words))),
      page.preview ? el('div', { class: 'told' }, '你在预览，这次不计入雷达。客户看到的就是这一页。') : null,
      told,
      body.element,
      page.kind === 'article' ? el('p', { class: 'end' }, '— 读完了 —') : null,
    ),
    drawFoot(page),
  )

  let reading = begin(page.view)
  let isQuiet = page.quiet
  const drawTold = () => {
    const { name } = page.card
    const button = el('button', { type: 'button' }, isQuiet ? '让看' : '不让看')
    button.addEventListener('click', () => void turnQuiet(!isQuiet))
    told.replaceChildren(
      el(
        'span',
        {},
        isQuiet
          ? `${name}看不到您读了什么，只知道有人打开过。`
          : `${name}能看到您读过这${page.kind === 'article' ? '篇' : '份内容'}，\n方便给您推荐合适的。`,
      ),
      button,
    )
  }
  drawTold()

  async function turnQuiet(quiet: boolean): Promise<void> {
    const was = isQuiet
    isQuiet = quiet
    drawTold()
    const done = await fetch('/api/m/radar/quiet', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ view: page.view, quiet }),
    }).then(
      (answer) => answer.ok,
      () => false,
    )
    if (done) {
      if (quiet) history.replaceState(null, '', `/r/${page.token}`)
      say(quiet ? '好的，不记您读了什么' : '好的')
    } else {
      isQuiet = was
      drawTold()
      say('没有存上，请再点一次')
    }
  }

  function begin(view: string): Reading {
    return new Reading(view, { now: () => performance.now(), send: (beat) => void tell(beat) })
  }

  async function tell(beat: Beat): Promise<void> {
    if (page.preview) return
    const answer = await fetch('/api/m/radar/beats', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(beat),
      keepalive: true,
    }).catch(() => undefined)
    if (!answer?.ok) return
    const heard = (await answer.json()) as Heard
    // The address a reader sends on is his own, so that a friend is not taken for him.
    if (heard.forward && !isQuiet) history.replaceState(null, '', `/r/${heard.forward}`)
    if (heard.ended && !beat.bye) await beginAnew()
  }

  async function beginAnew(): Promise<void> {
    const answer = await fetch('/api/m/radar/views', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: page.token }),
    }).catch(() => undefined)
    if (!answer?.ok) return
    page.view = ((await answer.json()) as { view: string }).view
    reading = begin(page.view)
    look()
  }

  /** Time counts while it is in sight; of a video, while it plays. */
  function look(): void {
    reading.see(document.visibilityState === 'visible')
  }

  const measure = () => {
    const { scrollHeight, clientHeight } = document.documentElement
    const scrolled = scrollHeight <= clientHeight ? 1 : Math.min(1, (scrollY + clientHeight) / scrollHeight)
    const depth = body.depth ? body.depth() : scrolled * 100
    const at = body.page?.() ?? 0
    if (at > 0) reading.turn(at)
    reading.reach(depth)
    bar.style.transform = `scaleX(${Math.max(0, Math.min(1, body.depth ? depth / 100 : scrolled))})`
  }
  addEventListener('scroll', measure, { passive: true })
  addEventListener('resize', measure)
  for (const event of ['scroll', 'pointerdown', 'keydown', 'touchmove'] as const)
    addEventListener(event, () => reading.move(), { passive: true })
  document.addEventListener('visibilitychange', look)
  addEventListener('pagehide', () => reading.end())
  addEventListener('pageshow', (event) => {
    if (event.persisted) void beginAnew()
  })
  setInterval(() => {
    if (body.isPlaying?.()) reading.move()
    measure()
    reading.tick()
  }, TICK_MS)
  look()
  measure()

  /** A reader who goes through a link stays until he has been counted: a moment, no more. */
  const openedAt = performance.now()
  function leave(url: string): void {
    setTimeout(
      () => {
        reading.reach(100)
        reading.end()
        location.assign(url)
      },
      Math.max(0, LEAVE_MS - (performance.now() - openedAt)),
    )
  }
  if (page.target?.isListed && page.kind === 'link') {
    const button = body.element.querySelector('button')
    button?.click()
  }
}

function byline({ corpName, author, at, kind, blocks }: Page): string[] {
  if (kind !== 'article') return [corpName]
  const characters = (blocks ?? []).reduce(
    (n, block) => n + ('text' in block ? block.text.length : 'items' in block ? block.items.join('').length : 0),
    0,
  )
  const day =
    at &&
    new Intl.DateTimeFormat('zh-CN', { month: 'long', day: 'numeric', timeZone: 'Asia/Shanghai' })
      .format(new Date(at))
      .replaceAll(/(\d+)(\D)/g, ' $1 $2')
      .trim()
  return [
    author || corpName,
    `${Math.max(1, Math.round(characters / CHARACTERS_A_MINUTE))} 分钟读完`,
    ...(day ? [day] : []),
  ]
}

interface Client {
  WeixinJSBridge?: { call(name: string): void }
}

function drawFoot({ card, ask, friend, corpName, preview }: Page): HTMLElement {
  const { name, avatar, place } = card
  const face = avatar
    ? el('img', { class: 'face', src: avatar, alt: '' })
    : el('span', { class: 'face', ariaHidden: 'true' }, name.slice(0, 1))
  const short = name.length > 2 ? name.slice(-2) : name
  const button = el('button', { class: 'solid', type: 'button', disabled: preview }, `问问${short}`)
  button.addEventListener('click', () => {
    const client = (window as Client).WeixinJSBridge
    if (friend && client) client.call('closeWindow')
    else if (!friend && ask) location.assign(ask)
    else say(`回到和${name}的聊天里，就能问`)
  })
  return el(
    'div',
    { class: 'foot' },
    el('div', {}, face, el('span', { class: 'who' }, el('b', {}, name), el('small', {}, place ?? corpName)), button),
  )
}
