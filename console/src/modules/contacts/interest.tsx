import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Ago } from '../../ui/time.tsx'
import styles from './contacts.module.css'

/** How warm he is: his points and what for, the live streams he watched. Nothing of somebody with neither. */
export function Interest({ contactId }: { contactId: string }) {
  const { t } = useTranslation()
  const interest = api.useQuery('get', '/api/contacts/{contactId}/interest', { params: { path: { contactId } } })
  if (!interest.data) return null
  const { score, scored, lives } = interest.data
  if (scored.length === 0 && lives.number === 0) return null
  return (
    <div className={styles.interest}>
      {scored.length > 0 && (
        <section aria-label={t('contacts.score.title')}>
          <h3>
            {t('contacts.score.title')} <b>{score}</b>
          </h3>
          <ul>
            {scored.map(({ points, why, at }) => (
              <li key={`${at} ${why}`}>
                <b>{points > 0 ? `+${points}` : points}</b>
                <span>{why}</span>
                <small>
                  <Ago at={at} />
                </small>
              </li>
            ))}
          </ul>
        </section>
      )}
      {lives.number > 0 && (
        <section aria-label={t('contacts.lives.title')}>
          <h3>
            {t('contacts.lives.title')}{' '}
            <small>{t('contacts.lives.sum', { n: lives.number, minutes: lives.minutes })}</small>
          </h3>
          <ul>
            {lives.newest.map(({ title, minutes, at }) => (
              <li key={`${at} ${title}`}>
                <b>{t('contacts.lives.minutes', { n: minutes })}</b>
                <span>{title}</span>
                <small>
                  <Ago at={at} />
                </small>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
