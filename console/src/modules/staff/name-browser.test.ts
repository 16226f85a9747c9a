import { expect, test } from 'vitest'
import { nameBrowser } from './name-browser.ts'

test('names the browser a person opened, not the ones it claims to resemble', () => {
  const edge =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140 Safari/537.36 Edg/140'
  const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19 Mobile Safari/604'
  const wecom =
    'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36 wxwork/4.1 MicroMessenger/7.0'
  expect(nameBrowser(edge)).toBe('Edge · Windows')
  expect(nameBrowser(iphone)).toBe('Safari · iPhone')
  expect(nameBrowser(wecom)).toBe('企业微信 · Android')
})

test('what names itself nothing is nothing', () => {
  expect(nameBrowser('curl/8')).toBeUndefined()
  expect(nameBrowser(null)).toBeUndefined()
})
