import { expect, test } from 'vitest'
import { REDIRECTS } from '../../../../../test/redirect-payloads.ts'
import { readTarget } from './targets.ts'

const HOSTS = ['shop.example.com']

test('PB-08: of 120 addresses that lead astray none is taken for a site on the corp’s list', () => {
  expect(REDIRECTS.length).toBeGreaterThanOrEqual(120)
  expect(new Set(REDIRECTS).size).toBe(REDIRECTS.length)
  const listed = REDIRECTS.filter((one) => readTarget(one, HOSTS)?.isListed)
  expect(listed).toEqual([])
})

test('PB-08: what is let through with a warning is a plain web address whose host is the one that is shown', () => {
  for (const one of REDIRECTS) {
    const target = readTarget(one, HOSTS)
    if (!target) continue
    const url = new URL(target.url)
    expect([url.protocol, url.username, url.password, url.port, url.hostname]).toEqual([
      expect.stringMatching(/^https?:$/),
      '',
      '',
      '',
      target.host,
    ])
  }
})

test('a site on the list is gone to, over https alone; its neighbours are asked about', () => {
  expect(readTarget('https://shop.example.com/a?b=c#d', HOSTS)).toEqual({
    url: 'https://shop.example.com/a?b=c#d',
    host: 'shop.example.com',
    isListed: true,
  })
  expect(readTarget('http://shop.example.com/', HOSTS)?.isListed).toBe(false)
  expect(readTarget('https://www.shop.example.com/', HOSTS)?.isListed).toBe(false)
  expect(readTarget('https://shop.example.com:8443/', HOSTS)).toBeUndefined()
  expect(readTarget('https://例子.example/', HOSTS)).toBeUndefined()
})
