import { expect, test } from '@playwright/test'
import { demoReady, signInAsOwner } from './people.ts'

test('an operator moves a customer on the board, is held up by a gate, says why one was lost, takes a move back, and reads the funnel', async ({
  page,
}) => {
  await signInAsOwner(page)
  await demoReady(page)
  const bookOf = async () => (await page.request.get('/api/stage-flows')).json()
  await expect(async () => {
    const { flows } = await bookOf()
    const counts = await (await page.request.get(`/api/stage-flows/${flows[0].flowId}/counts`)).json()
    expect(counts.stages.filter((stage: { total: number }) => stage.total > 0).length).toBe(5)
  }).toPass({ timeout: 90_000 })

  // Two customers of our own, so that nobody else's walk is disturbed.
  const { items } = await (await page.request.get('/api/contacts?limit=40')).json()
  const [one, other] = items.slice(-2) as { contactId: string; name: string }[]
  const { flows } = await bookOf()
  const [fresh, talking, keen, , lost] = flows[0].stages as { stageId: string; name: string }[]
  for (const { contactId } of [one!, other!])
    await page.request.post(`/api/contacts/${contactId}/stages`, { data: { stageId: fresh!.stageId } })

  await page.goto(`/stages?q=${encodeURIComponent(one!.name)}`)
  const column = (name: string) => page.getByRole('listitem', { name, exact: true })
  const card = (name: string) =>
    column(name)
      .getByRole('button', { name: new RegExp(one!.name) })
      .first()
  await expect(card(fresh!.name)).toBeVisible()
  const before = await column(talking!.name).getByRole('button').count()
  await card(fresh!.name).press('ArrowRight')
  await expect(page.getByText(`已移到「${talking!.name}」`)).toBeVisible()
  await page.getByRole('button', { name: '撤销' }).click()
  await expect(page.getByText('已撤销，回到原来的阶段')).toBeVisible()
  await expect(column(talking!.name).getByRole('button')).toHaveCount(before)
  await card(fresh!.name).dragTo(column(talking!.name))
  await expect(page.getByText(`已移到「${talking!.name}」`)).toBeVisible()

  // Nobody comes into the third stage without a note.
  await page.request.patch(`/api/stages/${keen!.stageId}`, { data: { gate: { fieldIds: [], tagIds: [], note: true } } })
  await page.goto(`/contacts/${one!.contactId}`)
  const stages = page.getByRole('region', { name: '客户阶段' })
  await expect(stages.getByText(talking!.name).first()).toBeVisible()
  const moveTo = async (name: string) => {
    await stages.getByRole('button', { name: '换阶段' }).click()
    await page.getByRole('combobox', { name: '移到哪个阶段' }).click()
    await page.getByTitle(name, { exact: true }).click()
  }
  await moveTo(keen!.name)
  await page.getByRole('button', { name: '换阶段' }).last().click()
  await expect(page.getByText(/请先写一条跟进记录/)).toBeVisible()
  await page.request.post(`/api/contacts/${one!.contactId}/notes`, { data: { text: '想给公司订下午茶' } })
  await page.getByRole('button', { name: '换阶段' }).last().click()
  await expect(stages.getByText(keen!.name).first()).toBeVisible()
  await page.request.patch(`/api/stages/${keen!.stageId}`, {
    data: { gate: { fieldIds: [], tagIds: [], note: false } },
  })

  // A loss is asked for its reason.
  await page.goto(`/contacts/${other!.contactId}`)
  await moveTo(lost!.name)
  await expect(page.getByRole('button', { name: '换阶段' }).last()).toBeDisabled()
  await page.getByRole('combobox', { name: '流失原因' }).click()
  await page.getByTitle('选了别家').click()
  await page.getByRole('button', { name: '换阶段' }).last().click()
  await expect(stages.getByText(/选了别家/)).toBeVisible()
  await expect(page.getByText(`进入阶段「${lost!.name}」`).first()).toBeVisible()

  await page.goto('/stages?show=funnel')
  await expect(page.getByRole('row', { name: new RegExp(talking!.name) })).toContainText(/个工作日/)
  await expect(page.getByRole('img', { name: /选了别家/ })).toBeVisible()
})
