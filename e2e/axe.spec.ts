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
  '/broadcasts',
  '/broadcasts/new',
  '/journeys',
  '/journeys?new=1',
  '/segments',
  '/auto-tags',
  '/auto-tags/new',
  '/auto-tags/new?from=words',
  '/segments/new',
  '/groups',
  '/groups?tab=people',
  '/stages',
  '/tasks',
  '/tasks?view=cards',
  '/content/forms',
  '/stages?show=funnel',
  '/content/radar',
  '/content/radar?tab=effect',
  '/reviews',
  '/reviews?view=merged',
  '/contacts?by=follow',
  '/reports/staff',
  '/reports/staff?view=departments',
  '/reports/workload',
  '/reports/rfm',
  '/reports/activation',
  '/reports/attribution',
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
  '/settings/touches',
  '/touches',
  '/touches?view=refusals',
  '/settings/audit',
  '/account',
]

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']
const HALF = Math.ceil(PAGES.length / 2)

for (const [part, pages] of [PAGES.slice(0, HALF), PAGES.slice(HALF)].entries())
  test(`${pages.length + 2} pages, part ${part + 1}, are without serious findings of axe in light and in dark`, async ({
    page,
  }) => {
    test.setTimeout(900_000)
    const found: string[] = []
    const look = async (path: string) => {
      await page.emulateMedia({ colorScheme: 'light' })
      await page.goto(path)
      await page.waitForTimeout(900) // its data and its charts
      await judge(path, new AxeBuilder({ page }).withTags(WCAG))
      // The same page in the dark differs in its colours alone.
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.waitForTimeout(300)
      await judge(`${path} (dark)`, new AxeBuilder({ page }).withRules(['color-contrast']))
    }
    const judge = async (where: string, axe: AxeBuilder) => {
      const { violations } = await axe.analyze()
      for (const { id, impact, nodes } of violations)
        if (impact === 'serious' || impact === 'critical')
          found.push(
            `${where} ${id} (${impact}): ${nodes
              .slice(0, 3)
              .map((node) => `${node.html.slice(0, 160)} — ${node.any[0]?.message ?? ''}`)
              .join(' | ')}`,
          )
    }
    if (part === 0) {
      await look('/sign-in')
      await page.emulateMedia({ colorScheme: 'light' })
    }
    await signInAsOwner(page)
    await demoReady(page)
    const { items: contacts } = await (await page.request.get('/api/contacts?limit=1')).json()
    const { items: codes } = await (await page.request.get('/api/channel-codes')).json()
    const rostered = codes.find((code: { hasRoster: boolean }) => code.hasRoster) ?? codes[0]
    const own = part === 0 ? `/contacts/${contacts[0].contactId}` : `/channels/${rostered.channelCodeId}`
    const { items: groups } = await (await page.request.get('/api/groups?limit=1')).json()
    const group = part === 1 ? [`/groups/${groups[0].groupChatId}`] : []
    for (const path of [...pages, own, ...group]) await look(path)
    expect(found).toEqual([])
  })
