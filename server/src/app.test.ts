import { expect, test } from 'vitest'
import { MAY } from '../test/who-may.ts'
import { aWholeApp } from '../test/whole-app.ts'
import { aCorp, aStaff, freshDb } from '../test/world.ts'
import { ROLES } from './modules/staff/schema.ts'

test('AC-02: every route of the contract, tried by every role and by nobody, lets in exactly whom it should', async () => {
  await using db = await freshDb()
  await using there = await aWholeApp(db)
  const corpId = await aCorp(db)
  const { paths } = there.app.swagger() as { paths: Record<string, Record<string, unknown>> }
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(routes.sort()).toEqual(Object.keys(MAY).sort())

  const wrong: string[] = []
  for (const [route, may] of Object.entries(MAY)) {
    for (const role of [undefined, ...ROLES]) {
      const [method = '', path = ''] = route.split(' ')
      const url = path
        .replace('{sessionKey}', '0'.repeat(16))
        .replace('{externalUserid}', 'wmnobody')
        .replaceAll(/\{\w+\}/g, '999999')
      const cookie = role && (await there.signedIn(corpId, role, { staffId: await aStaff(db, corpId) }))
      const { status, code } = await there.ask(method, url, cookie, method === 'GET' ? undefined : {})
      // A handler that got as far as refusing what it was given (400, 404, 409) did let the caller in.
      const letIn = code !== 'platform.sign_in_required' && code !== 'platform.not_allowed'
      const expected = may === 'everybody' || (role !== undefined && may.includes(role))
      if (letIn !== expected || (status >= 500 && route !== 'GET /readyz'))
        wrong.push(`${route} as ${role ?? 'nobody'}: ${status} ${code}`)
    }
  }
  const tried = Object.keys(MAY).length * (ROLES.length + 1)
  console.info(
    `${Object.keys(MAY).length} routes × ${ROLES.length} roles and nobody = ${tried} checks, ${wrong.length} wrong`,
  )
  expect(wrong).toEqual([])
}, 120_000)
