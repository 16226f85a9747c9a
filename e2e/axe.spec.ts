import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { demoReady, signInAsOwner } from './people.ts'

const PAGES = [
  '/',
  '/contacts',
  '/tags',
  '/losses',
  '/orders',
  '/orders/imports',
  '/products',
  '/settings/guides',
  '/settings/shops',
  '/duplicates',
  '/bulk-runs',
  '/channels',
  '/channels/new',
  '/channels/welcome',
  '/channels/batches',
  '/channels/batches/new',
  '/channels/compare',
  '/exports',
  '/content/materials',
  '/content/materials/new?kind=text',
  '/content/materials/new?kind=article',
  '/content/materials/new?kind=poster',
  '/content/scripts',
  '/content/scripts?script=new',
  '/segments',
  '/auto-tags',
  '/auto-tags/new',
  '/auto-tags/new?from=words',
  '/segments/new',
  '/stages',
  '/stages?show=funnel',
  '/reviews',
  '/reviews?view=merged',
  '/contacts?by=follow',
  '/reports/staff',
  '/reports/staff?view=departments',
  '/reports/workload',
  '/reports/rfm',
  '/reports/activation',
  '/reports/duty',
  '/reports/duty?view=day',
  '/reports/licence',
  '/settings/health',
  '/settings/corp',
  '/settings/corp?step=callback',
  '/settings/corp/connect',
  '/settings/permissions',
  '/settings/events',
  '/settings/events?kind=cart.added',
  '/settings/openapi',
  '/settings/staff',
  '/settings/roles',
  '/settings/fields',
  '/settings/stages',
  '/settings/audit',
  '/account',
]

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']

for (const colorScheme of ['light', 'dark'] as const) {
  test(`${PAGES.length + 3} pages in ${colorScheme} are without serious findings of axe`, async ({ browser }) => {
    test.setTimeout(480_000)
    const context = await browser.newContext({ colorScheme, viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
    const page = await context.newPage()
    await page.goto('/sign-in')
    const found: string[] = []
    const look = async (path: string) => {
      await page.goto(path)
      await page.waitForTimeout(900) // its data and its charts
      const axe = new AxeBuilder({ page })
      // The same pages in the dark differ in their colours alone.
      const looked = colorScheme === 'light' ? axe.withTags(WCAG) : axe.withRules(['color-contrast'])
      const { violations } = await looked.analyze()
      for (const { id, impact, nodes } of violations)
        if (impact === 'serious' || impact === 'critical')
          found.push(
            `${path} ${id} (${impact}): ${nodes
              .slice(0, 3)
              .map((node) => `${node.html.slice(0, 160)} — ${node.any[0]?.message ?? ''}`)
              .join(' | ')}`,
          )
    }
    await look('/sign-in')
    await signInAsOwner(page)
    await demoReady(page)
    const { items: contacts } = await (await page.request.get('/api/contacts?limit=1')).json()
    const { items: codes } = await (await page.request.get('/api/channel-codes')).json()
    const rostered = codes.find((code: { hasRoster: boolean }) => code.hasRoster) ?? codes[0]
    for (const path of [...PAGES, `/contacts/${contacts[0].contactId}`, `/channels/${rostered.channelCodeId}`])
      await look(path)
    expect(found).toEqual([])
    await context.close()
  })
}
