import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'

// Writes the types of the mobile pages' own routes: the whole contract would be a megabyte of words they never say.
const ROOT = resolve(import.meta.dirname, '..')
const api = JSON.parse(readFileSync(join(ROOT, 'server/openapi.json'), 'utf8')) as OpenAPI3
const paths = Object.fromEntries(Object.entries(api.paths ?? {}).filter(([path]) => path.startsWith('/api/m/')))
const text = astToString(await openapiTS({ ...api, paths }))
writeFileSync(
  join(ROOT, 'mobile/src/api/schema.generated.ts'),
  `/**\n * Made by \`npm run types\` from server/openapi.json. Not to be edited.\n */\n\n${text}`,
)
