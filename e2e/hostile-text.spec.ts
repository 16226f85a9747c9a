import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { readCsv } from '../server/src/platform/tables/read-csv.ts'
import { aHostileCorp, PAYLOADS } from './hostile-corp.ts'
import { signInAsOwner } from './people.ts'

/** Every screen of the router; one with an id nobody gave fails. */
function screensOf(ids: Record<string, string[]>): string[] {
  const paths = [...readFileSync('console/src/app.tsx', 'utf8').matchAll(/<Route path="([^"*]+)"/g)].map(
    ([, path = '']) => path.replace(/^\//, ''),
  )
  expect(paths.length).toBeGreaterThan(20)
  return paths.flatMap((path) => {
    const [, name] = /:(\w+)/.exec(path) ?? []
    if (name === undefined) return [`/${path}`]
    expect(ids[name], `/${path} has an id this test does not know`).toBeDefined()
    return ids[name]!.map((id) => `/${path.replace(`:${name}`, id)}`)
  })
}

test(`${PAYLOADS.length} hostile texts in every name, remark and welcome fire on no screen, and none is a formula in a sheet`, async ({
  page,
}) => {
  test.setTimeout(480_000)
  await signInAsOwner(page)
  const { corpid, ids, shown, groupAddress, landingUrl, bulkRunId } = await aHostileCorp(page)

  const screens = [
    '/',
    `/contacts?q=${encodeURIComponent(PAYLOADS[0]!)}`,
    ...screensOf(ids),
    groupAddress,
    `/contacts?segment=${ids.segmentId[0]}`,
    '/duplicates?by=face',
    '/losses?by=customer',
    '/tasks?view=cards',
    '/touches?view=refusals',
    new URL(landingUrl).pathname,
    `/world?corpid=${corpid}`,
  ]
  const fired: string[] = []
  page.on('dialog', (dialog) => {
    fired.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  for (const screen of screens) {
    await page.goto(screen)
    await page.waitForLoadState('load')
    await page.waitForTimeout(400)
    const hit = await page.evaluate(() => ({
      fired: '__f' in window,
      planted: document.querySelectorAll(
        'img[src="x"], [onerror], [onload], iframe[srcdoc], base, meta[http-equiv=refresh], a[href^="javascript:"]',
      ).length,
    }))
    if (hit.fired || hit.planted > 0) fired.push(`${screen}: ${JSON.stringify(hit)}`)
    for (const text of shown[screen] ?? []) await expect(page.getByText(text).first(), screen).toBeAttached()
  }
  expect(fired).toEqual([])
  // The texts are there, as text: a page that shows none of them would prove nothing.
  await page.goto('/contacts')
  await expect(page.getByText(PAYLOADS.at(-1)!, { exact: false }).first()).toBeVisible()

  for (const sheet of ['/api/contacts/export.csv', `/api/imports/${bulkRunId}/rejected.csv`]) {
    const text = await (await page.request.get(sheet)).text()
    expect(text).toContain(`"'=1+1`)
    expect(
      readCsv(text.slice(1))
        .flat()
        .filter((cell) => /^[\s"]*[=+\-@＝＋－＠]/.test(cell)),
    ).toEqual([])
  }
})
