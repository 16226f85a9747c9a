import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toProblem } from '../../api/problem.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'

interface Fetched {
  data?: unknown
  error?: unknown
  response: Response
}

/** Saves what a request answers as a file; a refusal is said, or handed to `onRefused` when it takes it. */
export function useDownload(onRefused: (code: string) => boolean = () => false) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const toast = useProblemToast()
  const [busy, setBusy] = useState(false)
  const download = async (request: () => Promise<Fetched>): Promise<boolean> => {
    setBusy(true)
    try {
      const { data, error, response } = await request()
      if (error || !data) {
        if (!onRefused(toProblem(error).code)) toast(error)
        return false
      }
      const link = document.createElement('a')
      link.href = URL.createObjectURL(data as Blob)
      link.download = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'contacts'
      link.click()
      URL.revokeObjectURL(link.href)
      void message.success(t('contacts.exported'))
      return true
    } catch (error) {
      toast(error)
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, download }
}
