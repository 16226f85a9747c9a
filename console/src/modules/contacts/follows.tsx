import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Avatar } from '../../ui/avatar.tsx'
import { useNow } from '../../ui/clock.ts'
import { languageOf, sayDay } from '../../ui/time-words.ts'
import { nameAddWay } from '../events/add-way.ts'
import styles from './contacts.module.css'
import type { Contact } from './profile.tsx'

const ENDINGS = ['customer', 'staff', 'transfer'] as const

/** Each staff member he is or was a friend of, and how it began and ended. */
export function Follows({ follows }: { follows: Contact['follows'] }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const day = (at: string) => sayDay(new Date(at), now, languageOf(i18n))
  return (
    <ul>
      {follows.map((follow) => (
        <li key={follow.staffId} className={`${styles.follow} ${follow.lostAt ? styles.past : ''}`}>
          <div>
            <Avatar name={follow.staffName} square />
            <b>{follow.staffName}</b>
            {follow.staffLeft && <span className={styles.gone}>{t('contacts.left')}</span>}
            <span className="spring" />
            <span className="small quiet">{t('contacts.since', { day: day(follow.addedAt) })}</span>
          </div>
          <div className="small quiet">
            {follow.channelCode ? (
              <>
                {t('contacts.through')}{' '}
                <Link to={`/channels/${follow.channelCode.channelCodeId}`}>{follow.channelCode.name}</Link>
              </>
            ) : (
              t('events.why.way', { way: t(`addWay.${nameAddWay(follow.addWay)}`) })
            )}
          </div>
          {follow.lostAt && (
            <div className="small">
              {t('contacts.until', { day: day(follow.lostAt) })}，
              {t(`contacts.lostBy.${ENDINGS.find((ending) => ending === follow.lostBy) ?? 'unknown'}`)}
            </div>
          )}
        </li>
      ))}
    </ul>
  )
}
