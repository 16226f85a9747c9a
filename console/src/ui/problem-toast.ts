import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { toProblem } from '../api/problem.ts'

/** Says why an action was refused, in the server's words: `onError: useProblemToast()`. */
export function useProblemToast(): (error: unknown) => void {
  const { message } = App.useApp()
  const { t } = useTranslation()
  return (error) => {
    const problem = toProblem(error)
    void message.error({
      content: problem.code === 'network' ? t('states.offlineWhy') : problem.message || t('states.unknownWhy'),
      duration: 6,
    })
  }
}
