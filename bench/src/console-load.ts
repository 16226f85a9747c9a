import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium } from '@playwright/test'
import { findBrowser } from '../../scripts/browser.ts'
import { type Bench, round } from './bench.ts'
import { openStage } from './stage.ts'

const DIST = resolve(import.meta.dirname, '../../console/dist')

/** `console-load`: the JavaScript a browser really fetches until the first page can be used, gzip size; measured in Chromium. */
export const bench: Bench = async ({ say }) => {
  if (!existsSync(join(DIST, 'index.html'))) throw new Error('the console is not built: node scripts/bootstrap.mjs')
  await using stage = await openStage()
  const server = await stage.server({
    SIYU_ADMIN_PASSWORD: 'bench-password-1',
    WECOM_BASE_URL: 'http://127.0.0.1:9',
    SIYU_DEMO: '0',
  })
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  try {
    const page = await browser.newPage()
    const scripts = new Set<string>()
    page.on('response', (response) => {
      const { pathname } = new URL(response.url())
      if (pathname.endsWith('.js')) scripts.add(pathname)
    })
    const started = performance.now()
    await page.goto(server.url)
    await page
      .getByRole('button', { name: /登录|Sign in/ })
      .first()
      .waitFor()
    const usableMs = performance.now() - started
    const sizes = [...scripts].map((path) => ({ path, kb: gzipSync(readFileSync(join(DIST, path))).length / 1024 }))
    const total = sizes.reduce((sum, { kb }) => sum + kb, 0)
    for (const { path, kb } of sizes) say(`${kb.toFixed(1).padStart(7)} kB  ${path}`)
    return {
      bench: 'console-load',
      ours: round(total, 1),
      baseline: 350,
      ratio: round(total / 350, 3),
      unit: 'kB gzip',
      gzipKb: round(total, 1),
      detail: { files: sizes.length, usableMs: round(usableMs, 0) },
    }
  } finally {
    await browser.close()
  }
}
