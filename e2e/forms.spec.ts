import { type Browser, expect, type Page, test } from '@playwright/test'
import { demoReady, signInAsOwner } from './people.ts'

/** A phone 390 px wide, signed in by WeCom as a customer, before the form. */
async function aPhone(browser: Browser, of: { url: string; corpid: string; externalUserid: string }): Promise<Page> {
  const phone = await (await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' })).newPage()
  const { origin, pathname } = new URL(of.url)
  const enter = `${origin}/api/m/enter?corp=${of.corpid}&kind=customer&to=${encodeURIComponent(pathname)}`
  const out = await phone.request.get(enter, { maxRedirects: 0 })
  const way = new URL(out.headers().location ?? '')
  way.pathname = '/connect/oauth2/opened'
  way.searchParams.set('who', of.externalUserid)
  await phone.goto(way.href)
  return phone
}

test('an operator makes a form, a customer fills it in on a phone, and the answer, the field, the timeline and the statistics follow', async ({
  page,
  browser,
}) => {
  await signInAsOwner(page)
  await demoReady(page)
  const { items } = await (await page.request.get('/api/contacts?limit=40')).json()
  const profile = await (await page.request.get(`/api/contacts/${items[12].contactId}`)).json()
  const { corp } = await (await page.request.get('/api/session')).json()
  const made = await page.request.post('/api/contact-fields', {
    data: { name: '喝法', kind: 'choice', options: ['热泡', '冷泡'] },
  })
  expect(made.status()).toBe(201)

  await page.goto('/content/forms')
  await page.getByRole('button', { name: '新建表单' }).click()
  await page.getByRole('textbox', { name: '标题' }).fill('口味小卡')
  await page.getByRole('textbox', { name: '题目' }).fill('平时怎么喝茶')
  await page.getByRole('textbox', { name: '选项，一行一个' }).fill('热泡\n冷泡')
  await page.getByRole('combobox', { name: '写进客户资料' }).click()
  await page.locator('.ant-select-item-option').filter({ hasText: '喝法' }).click()
  await page.getByRole('button', { name: '手机号', exact: true }).click()
  await page.getByRole('combobox', { name: '什么时候出现' }).click()
  await page.locator('.ant-select-item-option').filter({ hasText: '平时怎么喝茶' }).click()
  // The phone beside it is the page customers get.
  const preview = page.frameLocator('iframe[title="手机上的样子"]')
  await expect(preview.getByRole('heading', { name: '口味小卡' })).toBeVisible()
  await expect(preview.getByLabel(/手机号/)).toBeHidden()
  await preview.getByRole('button', { name: '热泡' }).click()
  await expect(preview.getByLabel(/手机号/)).toBeVisible()
  await page.getByRole('button', { name: '发布' }).click()
  await expect(page.getByText('已发布，客户现在看到的就是这一版')).toBeVisible()

  await page.getByText('投放与统计').click()
  await page.getByRole('button', { name: '加投放位' }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: '投放位' }).fill('桌卡')
  await page.getByRole('dialog').getByRole('button', { name: '生成' }).click()
  await expect(page.getByRole('row', { name: /桌卡/ })).toBeVisible()
  const formId = /forms\/(\d+)/.exec(page.url())![1]!
  const { links } = await (await page.request.get(`/api/forms/${formId}/stats`)).json()

  const phone = await aPhone(browser, {
    url: links[0].url,
    corpid: corp.wecomCorpid,
    externalUserid: profile.externalUserid,
  })
  await expect(phone.getByRole('heading', { name: '口味小卡' })).toBeVisible()
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await expect(phone.getByRole('checkbox')).not.toBeChecked()
  await phone.getByRole('button', { name: '冷泡' }).click()
  await phone.getByRole('checkbox').check()
  await phone.waitForTimeout(3_200)
  await phone.getByRole('button', { name: '提交' }).click()
  await expect(phone.getByRole('heading', { name: '收到了，谢谢您。' })).toBeVisible()
  // No personal word stands in an address.
  expect(new URL(phone.url()).search).toBe('')
  await phone.context().close()

  await page.getByText('答案', { exact: true }).first().click()
  await page.getByRole('row', { name: /冷泡/ }).click()
  const drawer = page.getByRole('complementary', { name: '一份答案' })
  await expect(drawer.getByText('同意把以上内容记到我的客户资料')).toBeVisible()
  await page.goto(`/content/forms/${formId}/links`)
  await expect(page.getByRole('row', { name: /桌卡/ })).toContainText('100.0%')
  await page.goto(`/contacts/${profile.contactId}`)
  await expect(page.getByText('提交了「口味小卡」').first()).toBeVisible()
  const { fields } = await (await page.request.get(`/api/contacts/${profile.contactId}`)).json()
  expect(fields.find(({ name }: { name: string }) => name === '喝法').value).toBe('冷泡')
})
