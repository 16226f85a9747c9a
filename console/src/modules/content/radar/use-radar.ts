import { api } from '../../../api/client.ts'
import type { Answer } from '../../../api/types.ts'

export type MaterialRadar = Answer<'/api/radar/materials/{materialId}'>
export type Summary = Answer<'/api/radar/materials'>['items'][number]
export type Reader = Answer<'/api/radar/materials/{materialId}/readers'>['items'][number]
export type Edge = Answer<'/api/radar/materials/{materialId}/forwards'>['edges'][number]
export type EffectRow = Answer<'/api/radar/effect'>['items'][number]

export type ReadingRule = Answer<'/api/radar/materials/{materialId}/rules'>['items'][number]

/** Readings come in while one looks. */
const LOOK_MS = 10_000

export const useRadarList = () => api.useQuery('get', '/api/radar/materials', {}, { refetchInterval: LOOK_MS })
export const useMaterialRadar = (materialId: string) =>
  api.useQuery(
    'get',
    '/api/radar/materials/{materialId}',
    { params: { path: { materialId } } },
    { refetchInterval: LOOK_MS },
  )
/** Whoever meets them is counted as he does. */
export const useReadingRules = (materialId: string) =>
  api.useQuery(
    'get',
    '/api/radar/materials/{materialId}/rules',
    { params: { path: { materialId } } },
    { refetchInterval: LOOK_MS },
  )
export const useForwards = (materialId: string) =>
  api.useQuery('get', '/api/radar/materials/{materialId}/forwards', { params: { path: { materialId } } })
