import { expect, test } from 'vitest'
import { freshDb } from '../../test/world.ts'
import { checkWorkers } from './jobs.ts'
import { checkMigrations } from './migrate.ts'

test('OP: a database another version has moved on is not served', async () => {
  await using db = await freshDb()
  await expect(checkMigrations(db.api)).resolves.toBeUndefined()
  await db.owner.insertInto('schemaMigration').values({ name: '9999_of_tomorrow.sql', sha256: '' }).execute()
  await expect(checkMigrations(db.api)).rejects.toThrow('another version')
})

test('a server is ready only while a job worker somewhere is alive', async () => {
  await using db = await freshDb()
  await expect(checkWorkers(db.api)).rejects.toThrow('sign of life')
  const beat = (secondsAgo: number) => ({ workerId: 'w', beatAt: new Date(Date.now() - secondsAgo * 1000) })
  await db.owner.insertInto('jobWorker').values(beat(60)).execute()
  await expect(checkWorkers(db.api)).rejects.toThrow('sign of life')
  await db.owner.updateTable('jobWorker').set(beat(1)).execute()
  await expect(checkWorkers(db.api)).resolves.toBeUndefined()
})
