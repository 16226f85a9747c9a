import { useState } from 'react'
import { toProblem } from '../api/problem.ts'
import { useProblemToast } from './problem-toast.ts'

interface Fetched {
  data?: unknown
  error?: unknown
  response: Response
}

/**
 * Fetches a file and hands it to the browser under the name the server gave it; a refusal is said by a toast, unless
 * `onRefused` takes its code.
 */
export function useDownload(onRefused: (code: string) => boolean = () => false) {
  const refused = useProblemToast()
  const [busy, setBusy] = useState(false)
  const download = async (fetched: () => Promise<Fetched>, fallbackName: string): Promise<boolean> => {
    setBusy(true)
    try {
      const { data, error, response } = await fetched()
      if (error || !data) {
        if (!onRefused(toProblem(error).code)) refused(error)
        return false
      }
      const link = document.createElement('a')
      link.href = URL.createObjectURL(data as Blob)
      link.download = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? fallbackName
      link.click()
      URL.revokeObjectURL(link.href)
      return true
    } catch (error) {
      refused(error)
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, download }
}
