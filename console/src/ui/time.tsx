import { useTranslation } from 'react-i18next'
import { useNow } from './clock.ts'
import { languageOf, sayAgo, sayFull, sayMoment } from './time-words.ts'

/** 2 分钟前, with the full time on hover. */
export function Ago({ at }: { at: string }) {
  const now = useNow()
  const { i18n } = useTranslation()
  const date = new Date(at)
  return (
    <time dateTime={at} title={sayFull(date)}>
      {sayAgo(date, now, languageOf(i18n))}
    </time>
  )
}

export function Moment({ at }: { at: string }) {
  const now = useNow()
  const { i18n } = useTranslation()
  const date = new Date(at)
  return (
    <time dateTime={at} title={sayFull(date)}>
      {sayMoment(date, now, languageOf(i18n))}
    </time>
  )
}
