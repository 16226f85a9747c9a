import createFetchClient from 'openapi-fetch'
import createQueryClient from 'openapi-react-query'
import type { paths } from './schema.generated.ts'

export const fetchClient = createFetchClient<paths>({ baseUrl: '' })
export const api = createQueryClient(fetchClient)
