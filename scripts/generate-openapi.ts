import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeApi } from '../server/src/openapi.ts'

// Writes server/openapi.json from the routes; with --verify only compares.
const file = join(import.meta.dirname, '../server/openapi.json')
const text = `${JSON.stringify(await describeApi(), null, 2)}\n`
if (process.argv.includes('--verify')) {
  if (readFileSync(file, 'utf8') !== text) {
    console.error('server/openapi.json is stale')
    process.exit(1)
  }
} else writeFileSync(file, text)
