import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { sayCount } from '../../ui/number-words.ts'
import { Ago } from '../../ui/time.tsx'
import { languageOf } from '../../ui/time-words.ts'
import styles from './contacts.module.css'

/** What he is a member of, and what came to and went from his points; nothing of somebody who is no member. */
export function Memberships({ contactId }: { contactId: string }) {
  const { t, i18n } = useTranslation()
  const found = api.useQuery('get', '/api/contacts/{contactId}/members', { params: { path: { contactId } } })
  const count = (n: number) => sayCount(n, languageOf(i18n))
  return found.data?.members.map(({ memberNo, level, points, joinedAt, entries }) => (
    <div key={memberNo}>
      <dl className={styles.facts}>
        <div>
          <dt>{t('orderWork.members.no')}</dt>
          <dd>{memberNo}</dd>
        </div>
        <div>
          <dt>{t('orderWork.members.level')}</dt>
          <dd>{level ?? '—'}</dd>
        </div>
        <div>
          <dt>{t('orderWork.members.points')}</dt>
          <dd>{count(points)}</dd>
        </div>
        <div>
          <dt>{t('orderWork.members.joined')}</dt>
          <dd>{joinedAt ? <Ago at={joinedAt} /> : '—'}</dd>
        </div>
      </dl>
      {entries.length > 0 && (
        <details className="small">
          <summary>{t('orderWork.members.entries', { n: entries.length })}</summary>
          <ul className={styles.rules}>
            {entries.map((entry) => (
              <li key={entry.entryNo}>
                {t(`orderWork.members.kind.${entry.kind}`)} {entry.points > 0 ? '+' : ''}
                {count(entry.points)} {entry.note} · <Ago at={entry.at} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  ))
}
