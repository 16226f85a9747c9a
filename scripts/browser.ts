import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The browser the tests drive. On a Debian as root it is installed when missing; elsewhere its absence is an error, never a skip. */
export function findBrowser(): string {
  const found = [process.env.SIYU_CHROMIUM, ...PLACES].find((path) => path && existsSync(path))
  if (found && hasChineseFont()) return found
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const apt = (...args: string[]) => spawnSync('apt-get', [...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    apt('update', '-qq')
    apt('install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk')
    if (existsSync('/usr/bin/chromium')) return '/usr/bin/chromium'
  }
  if (found) return found
  throw new Error(
    '浏览器测试需要 Chromium 和一种中文字体：sudo apt-get install chromium fonts-noto-cjk，或用 SIYU_CHROMIUM 指出浏览器的位置。\nThe browser tests need Chromium and a CJK font.',
  )
}

/** Without one every Chinese glyph is an empty box and screenshots prove nothing. */
function hasChineseFont(): boolean {
  if (process.platform !== 'linux') return true
  return spawnSync('fc-list', [':lang=zh', 'family']).stdout?.toString().trim() !== ''
}
