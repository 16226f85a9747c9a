import { expect, type Page, test } from '@playwright/test'
import { demoReady, signInAsOwner } from './people.ts'

const CONTROL = `http://127.0.0.1:${Number(process.env.SIYU_E2E_PORT ?? 7790) + 1}/control`

/** A company nobody has connected, whose administrator trusts one address that is not ours. */
async function aStrangersCompany(page: Page) {
  const reply = await page.request.post(`${CONTROL}/corps`, {
    data: { name: '青禾书店', key: 'by-hand', options: { byHand: true, trustedIps: ['203.0.113.9'] } },
  })
  const corp = (await reply.json()) as { corpid: string; agentId: number; secret: string }
  const act = (data: object) => page.request.post(`${CONTROL}/corps/${corp.corpid}/actions`, { data })
  await act({ type: 'department_add', name: '青禾书店', parentId: 0 })
  await act({ type: 'member_add', userid: 'qiu', name: '邱禾' })
  return corp
}

test('a fresh company is connected by the wizard, with a wrong secret and a missing address on the way', async ({
  page,
}) => {
  await signInAsOwner(page)
  await demoReady(page)
  const corp = await aStrangersCompany(page)
  const step = page.getByRole('navigation', { name: '接入步骤' })

  await page.goto('/settings/corp/connect')
  await page.getByLabel('企业名称').fill('青禾书店')
  await page.getByLabel('企业 ID').fill(corp.corpid)
  await page.getByRole('button', { name: '查一次' }).click()
  await expect(page.getByText('企业微信认得这家企业')).toBeVisible()

  await page.getByLabel('AgentId').fill(String(corp.agentId))
  await page.getByLabel('应用 Secret').fill('x'.repeat(43))
  await page.getByRole('button', { name: '核对并接入' }).click()
  await expect(page.getByRole('alert')).toContainText('Secret 不对')

  await page.reload() // one may leave and come back: all but the secret is still there
  await expect(page.getByLabel('企业 ID')).toHaveValue(corp.corpid)
  await page.getByRole('button', { name: '查一次' }).click()
  await expect(page.getByLabel('AgentId')).toHaveValue(String(corp.agentId))
  await expect(page.getByLabel('应用 Secret')).toHaveValue('')
  await page.getByLabel('应用 Secret').fill(corp.secret)
  await page.getByRole('button', { name: '核对并接入' }).click()

  // The corp is there, and what can be done next is the callback: WeCom takes a list of addresses only after it.
  await expect(page.getByText('正在等企业微信来验证')).toBeVisible()
  await page.getByRole('button', { name: '显示要贴的三样' }).click()
  const pasted = (word: string) =>
    page.locator('dl > div', { has: page.getByText(word, { exact: true }) }).locator('dd')
  const [url, token, encodingAesKey] = await Promise.all(
    ['URL', 'Token', 'EncodingAESKey'].map((word) => pasted(word).innerText()),
  )
  const save = (data: object) => page.request.put(`${CONTROL}/corps/${corp.corpid}/receiver`, { data })
  await save({ url, token: 'mistyped', encodingAesKey })
  await expect(page.getByRole('alert')).toContainText('Token 贴错了')
  expect((await save({ url, token, encodingAesKey })).ok()).toBe(true)
  await expect(page.getByText('企业微信已经验证过这个地址')).toBeVisible()

  await step.getByRole('button', { name: /企业可信 IP/ }).click()
  await expect(page.locator('dd', { hasText: '127.0.0.1' })).toBeVisible()
  await page.request.patch(`${CONTROL}/corps/${corp.corpid}`, { data: { options: { trustedIps: ['127.0.0.1'] } } })
  await page.getByRole('button', { name: '再查一次' }).click()
  await expect(page.getByText('企业微信让这台服务器进来了')).toBeVisible()

  for (const name of ['自建应用', '客户联系权限', '回调地址', '第一次同步'])
    await expect(step.getByRole('button', { name: new RegExp(name) })).toContainText('好了')
  await step.getByRole('button', { name: /自建应用/ }).click()
  await expect(page.getByText(`结尾 ${corp.secret.slice(-4)}`)).toBeVisible()

  await page.goto('/settings/permissions')
  await expect(page.getByRole('listitem').filter({ hasText: '渠道活码' })).toContainText('能用')
  await page.request.put(`${CONTROL}/faults`, {
    data: {
      rules: [{ where: 'api', kind: '48002', match: 'externalcontact/list_contact_way', corpid: corp.corpid }],
    },
  })
  await page.getByRole('button', { name: '重新检查' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: '渠道活码' })).toContainText('用不了')
  await expect(page.getByRole('listitem').filter({ hasText: '标签' }).first()).toContainText('能用')
  await page.request.put(`${CONTROL}/faults`, { data: { rules: [] } })
})
