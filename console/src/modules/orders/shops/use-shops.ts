import { queryClient } from '../../../api/query-client.ts'
import type { Answer } from '../../../api/types.ts'

export type Shop = Answer<'/api/shop-connections'>['items'][number]
export const refreshShops = () => void queryClient.invalidateQueries({ queryKey: ['get', '/api/shop-connections'] })
