import createFetchClient from 'openapi-fetch'
import createQueryClient from 'openapi-react-query'
import type { paths } from './schema.generated.ts'
import { stepUpMiddleware } from './step-up.ts'

export const fetchClient = createFetchClient<paths>({ baseUrl: '' })
fetchClient.use(stepUpMiddleware)
export const api = createQueryClient(fetchClient)
