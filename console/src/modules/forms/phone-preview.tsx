import { useEffect, useEffectEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../staff/session.ts'
import { shownOf } from './draft.ts'
import styles from './forms.module.css'
import type { Content } from './use-forms.ts'

/** The page customers get, in a phone, showing the draft as it is written. */
export function PhonePreview({ content }: { content: Content }) {
  const { t } = useTranslation()
  const { corp } = useSession()
  const frame = useRef<HTMLIFrameElement>(null)
  const show = () =>
    frame.current?.contentWindow?.postMessage(
      { siyuForm: { corp: corp.name, form: shownOf(content) } },
      location.origin,
    )
  const hear = useEffectEvent((event: MessageEvent) => {
    if (event.source === frame.current?.contentWindow && event.data === 'siyu-form-ready') show()
  })
  useEffect(() => {
    const listen = (event: MessageEvent) => hear(event)
    window.addEventListener('message', listen)
    return () => window.removeEventListener('message', listen)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever changes is shown
  useEffect(show, [content])
  return <iframe ref={frame} className={styles.phone} src="/m/form" title={t('forms.preview')} />
}
