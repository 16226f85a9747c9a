import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { aReceiver, aWorld, field } from '../test/world.ts'

test('off it does nothing; on it goes at its rate of the world’s time and lives a varied life', async () => {
  await using world = await aWorld({ demo: true })
  await using receiver = await aReceiver(world)
  await world.control('POST', '/clock', { speed: 60 })
  await sleep(400)
  expect(await world.control('GET', '/autopilot')).toMatchObject({ on: false, acts: 0 })

  await world.control('POST', '/autopilot', { on: true, perMinute: 60 }) // 60 acts a real second at ×60
  await sleep(2600)
  const { acts } = await world.control<{ acts: number }>('POST', '/autopilot', { on: false })
  expect(acts).toBeGreaterThan(60)
  expect(acts).toBeLessThan(200)
  await sleep(400)
  expect(await world.control('GET', '/autopilot')).toMatchObject({ acts })
  const kinds = new Set(receiver.deliveries.map((it) => field(it, 'ChangeType')))
  expect(kinds).toContain('add_external_contact')
  expect(kinds).toContain('edit_external_contact')
})
