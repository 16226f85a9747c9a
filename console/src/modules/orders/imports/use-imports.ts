import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, fetchClient } from '../../../api/client.ts'
import { queryClient } from '../../../api/query-client.ts'
import type { Answer, Body } from '../../../api/types.ts'
import { useProblemToast } from '../../../ui/problem-toast.ts'

export type Run = Answer<'/api/order-imports/{orderImportId}'>
export type Kind = Run['kind']
export type Draft = Answer<'/api/order-imports/{orderImportId}/read', 'post'>
export type Preview = Answer<'/api/order-imports/{orderImportId}/preview', 'post'>
export type Mapping = Body<'/api/order-imports/{orderImportId}/start', 'post'>['mapping']

const RUNNING_EVERY_MS = 1_000
/** Bytes a part of a file has, as the server takes them. */
const PART_BYTES = 4_000_000
export const FILE_BYTES_MAX = 120_000_000

export const isUnderWay = ({ state }: Run) => state === 'waiting' || state === 'running'
export const isDraft = ({ state }: Run) => state === 'uploaded'
export const refreshImports = () => {
  for (const path of ['/api/order-imports', '/api/order-imports/{orderImportId}', '/api/orders'])
    void queryClient.invalidateQueries({ queryKey: ['get', path] })
}

/** Files there are, looked at every second while one is under way. */
export const useImports = () =>
  api.useQuery(
    'get',
    '/api/order-imports',
    {},
    { refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? RUNNING_EVERY_MS : false) },
  )

export const useImport = (orderImportId: string) =>
  api.useQuery(
    'get',
    '/api/order-imports/{orderImportId}',
    { params: { path: { orderImportId } } },
    { refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? RUNNING_EVERY_MS : false) },
  )

export function useCancelImport() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  return api.useMutation('post', '/api/order-imports/{orderImportId}/cancel', {
    onError,
    onSuccess() {
      refreshImports()
      void message.success(t('orderWork.imports.cancelled'))
    },
  })
}

/** Sends a file in parts, then opens it. */
export function useUpload() {
  const navigate = useNavigate()
  const [sent, setSent] = useState<number>()
  const [error, setError] = useState<unknown>()
  const upload = async (file: File, kind: Kind) => {
    setSent(0)
    setError(undefined)
    try {
      const toldAt = new Date(file.lastModified).toISOString()
      const begun = await fetchClient.POST('/api/order-imports', {
        body: { kind, fileName: file.name.slice(-120), toldAt },
      })
      if (begun.error) throw begun.error
      const { orderImportId } = begun.data
      for (let from = 0; from < file.size; from += PART_BYTES) {
        const part = { orderImportId, part: from / PART_BYTES }
        const { error: refused } = await fetchClient.PUT('/api/order-imports/{orderImportId}/parts/{part}', {
          params: { path: part },
          body: file.slice(from, from + PART_BYTES) as never,
          bodySerializer: (body: unknown) => body as Blob,
          headers: { 'content-type': 'application/octet-stream' },
        })
        if (refused) throw refused
        setSent(Math.min(from + PART_BYTES, file.size) / file.size)
      }
      refreshImports()
      void navigate(`/orders/imports/${orderImportId}`)
    } catch (refused) {
      setError(refused)
    } finally {
      setSent(undefined)
    }
  }
  return { upload, sent, error }
}
