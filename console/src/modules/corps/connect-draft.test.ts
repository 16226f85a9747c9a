import { expect, test } from 'vitest'
import { checkConnect, connectBody } from './connect-draft.ts'

const good = {
  name: ' 见山茶事 ',
  wecomCorpid: 'ww3e9bd1868ac33f4e',
  agentId: '1000002',
  appSecret: 's'.repeat(43),
  contactSyncSecret: '',
}

test('what WeCom’s console shows is taken, spaces around it forgiven', () => {
  expect(checkConnect({ ...good, wecomCorpid: ' ww3e9bd1868ac33f4e\n' })).toEqual({})
  expect(connectBody(good)).toEqual({
    name: '见山茶事',
    wecomCorpid: 'ww3e9bd1868ac33f4e',
    agentId: 1_000_002,
    appSecret: 's'.repeat(43),
  })
  expect(connectBody({ ...good, contactSyncSecret: 'c'.repeat(43) })).toHaveProperty(
    'contactSyncSecret',
    'c'.repeat(43),
  )
})

test('each field that cannot be right says so', () => {
  expect(
    checkConnect({ name: '', wecomCorpid: 'abc', agentId: '1e3', appSecret: 'short', contactSyncSecret: 'short' }),
  ).toEqual({
    name: 'name',
    wecomCorpid: 'corpid',
    agentId: 'agentId',
    appSecret: 'secret',
    contactSyncSecret: 'secret',
  })
})
