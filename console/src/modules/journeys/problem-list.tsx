import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import type { Problems } from './contract.ts'
import type { Face } from './faces.ts'
import styles from './journeys.module.css'

/** What stands in the way of publishing, by the step it is to be mended in. */
export function ProblemList({
  problems,
  faceOf,
  onOpen,
}: {
  problems: Problems
  faceOf: (key: string) => Face
  onOpen: (key: string) => void
}) {
  const { t } = useTranslation()
  const all = Object.entries(problems).flatMap(([key, said]) => said.map((one) => ({ key, said: one })))
  if (all.length === 0)
    return (
      <p className={`good small ${styles.lineup}`}>
        <Icon name="check" size={13} /> {t('journeys.problems.none')}
      </p>
    )
  return (
    <section className={styles.problems} aria-label={t('journeys.problems.title', { count: all.length })}>
      <b>{t('journeys.problems.title', { count: all.length })}</b>
      {all.map(({ key, said }) => (
        <button key={`${key} ${said}`} type="button" onClick={() => onOpen(key)}>
          {faceOf(key).title}：{said}
        </button>
      ))}
    </section>
  )
}
