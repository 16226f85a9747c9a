import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium, type Page } from '@playwright/test'
import { findBrowser } from '../../scripts/browser.ts'
import { type Bench, median, round } from './bench.ts'
import { openStage } from './stage.ts'
import { openWorld, serverEnv, signIn, until } from './world.ts'

const DIST = resolve(import.meta.dirname, '../../mobile/dist')
const OPENINGS = 9
/** A mid-range phone, and its network on 4G. */
const CPU_SLOWER = 4
const NETWORK = {
  latency: 70,
  downloadThroughput: (9 * 1024 * 1024) / 8,
  uploadThroughput: (3 * 1024 * 1024) / 8,
  offline: false,
}
const GOAL_MS = 1_000

/**
 * A phone that shows our page and answers it as WeCom's client does, with nothing of its own to load: the page's own time
 * is what is measured.
 */
const phoneHtml = (address: string, userid: string, externalUserid: string) => `<!doctype html><title>phone</title>
<iframe style="width:390px;height:844px;border:0"></iframe><script>
const frame = document.querySelector('iframe')
addEventListener('message', ({ source, origin, data }) => {
  if (source !== frame.contentWindow || data?.siyuPhone !== 'ask') return
  const ok = (more) => ({ errMsg: data.name + ':ok', ...more })
  const answers = { who: { who: ${JSON.stringify(userid)} }, holder: { same: true }, getContext: ok({ entry: 'single_chat_tools' }), getCurExternalContact: ok({ userId: ${JSON.stringify(externalUserid)} }) }
  if (data.name === 'usable') window.usableMs = data.params.ms
  source.postMessage({ siyuPhone: 'answer', id: data.id, result: answers[data.name] ?? ok({}) }, origin)
})
window.open_ = () => { window.usableMs = undefined; frame.src = 'about:blank'; setTimeout(() => { frame.src = ${JSON.stringify(address)} }, 50) }
</script>`

/** `sidebar`: from opening the page beside a chat to its customer's data standing there, on a warm start in slowed Chromium; and its script. */
export const bench: Bench = async ({ say, quick }) => {
  if (!existsSync(join(DIST, 'sidebar.html'))) throw new Error('the pages are not built: node scripts/bootstrap.mjs')
  await using stage = await openStage()
  const world = await openWorld(stage, { name: '侧边栏', generate: { customers: 200, staff: 4 } })
  const server = await stage.server(serverEnv(world.simulatorUrl, randomBytes(32).toString('hex')))
  const { customers } = await world.control<{ customers: { externalUserid: string; follows: { userid: string }[] }[] }>(
    'GET',
    `/corps/${world.corpid}/customers?limit=1`,
  )
  const { externalUserid, follows } = customers[0]!
  const call = await signIn(server.url)
  await until('the customer is known', 180, () =>
    call('GET', `/api/contacts/by-external/${externalUserid}`).then(
      () => true,
      () => false,
    ),
  )
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    // The phone's page is made up by us, which Chromium takes for one of the open internet.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests',
    ],
  })
  try {
    const page = await browser.newPage()
    const scripts = new Set<string>()
    page.on('response', (response) => {
      const { pathname } = new URL(response.url())
      if (pathname.startsWith('/m/assets/')) scripts.add(pathname.slice('/m/'.length))
    })
    const address = `${server.url}/m/sidebar?corp=${world.corpid}`
    await page.route('**/bench-phone', (route) =>
      route.fulfill({
        contentType: 'text/html; charset=utf-8',
        body: phoneHtml(address, follows[0]!.userid, externalUserid),
      }),
    )
    await page.goto(`${world.simulatorUrl}/bench-phone`)
    // The first opening signs in and fills the browser's cache.
    const coldMs = await openOnce(page, 40_000)
    const session = await page.context().newCDPSession(page)
    await session.send('Network.emulateNetworkConditions', NETWORK)
    await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWER })
    const times: number[] = []
    for (let nr = 0; nr < (quick ? 3 : OPENINGS); nr++) times.push(await openOnce(page, 30_000))
    const usableMs = median(times)
    const sizes = [...scripts]
      .filter((path) => path.endsWith('.js'))
      .map((path) => ({ path, kb: gzipSync(readFileSync(join(DIST, path)), { level: 9 }).length / 1000 }))
    for (const { path, kb } of sizes) say(`${kb.toFixed(1).padStart(7)} kB  ${path}`)
    const gzipKb = round(
      sizes.reduce((sum, { kb }) => sum + kb, 0),
      1,
    )
    const detail = { cpuSlower: CPU_SLOWER, latencyMs: NETWORK.latency, coldMs, timesMs: times, files: sizes.length }
    return {
      bench: 'sidebar',
      ours: usableMs,
      baseline: GOAL_MS,
      ratio: round(usableMs / GOAL_MS, 3),
      unit: 'ms',
      usableMs,
      gzipKb,
      detail,
    }
  } finally {
    await browser.close()
  }
}

async function openOnce(page: Page, timeout: number): Promise<number> {
  await page.evaluate('window.open_()')
  try {
    return (await (await page.waitForFunction('window.usableMs', undefined, { timeout })).jsonValue()) as number
  } catch (error) {
    const frame = page.frames().at(-1)
    const said = await frame?.evaluate('document.body.innerText').catch(() => '')
    throw new Error(`the page is of no use: ${frame?.url()} says ${String(said).slice(0, 300)}`, { cause: error })
  }
}
