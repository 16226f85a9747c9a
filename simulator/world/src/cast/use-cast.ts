import { useMemo } from 'react'
import type { CustomerDetail, CustomerView } from '../control-api.ts'
import { useResource } from '../use-resource.ts'
import { orderPersonas } from './demo-order.ts'

/** The personas a visitor can play; a company without any offers its first customers. And the one on stage, whole. */
export function useCast(corpid: string, customerId: string | undefined) {
  const topics = [`follow:${corpid}`, `customer:${corpid}`]
  const personas = useResource<{ customers: CustomerView[] }>(`/corps/${corpid}/customers?cast=true&limit=12`, topics)
  const hasNone = personas.data?.customers.length === 0
  const first = useResource<{ customers: CustomerView[] }>(hasNone ? `/corps/${corpid}/customers?limit=6` : null, [])
  const found = (hasNone ? first : personas).data?.customers
  const cast = useMemo(() => found && orderPersonas(found), [found])
  const onStageId = customerId ?? cast?.[0]?.externalUserid
  const onStage = useResource<CustomerDetail>(
    onStageId === undefined ? null : `/corps/${corpid}/customers/${encodeURIComponent(onStageId)}`,
    [`follow:${corpid}:${onStageId}`, `customer:${corpid}:${onStageId}`],
  )
  return { cast, onStageId, onStage }
}
