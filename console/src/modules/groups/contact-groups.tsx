import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { Ago } from '../../ui/time.tsx'
import { useCan } from '../staff/session.ts'
import styles from './groups.module.css'

/** The groups a customer sits in, and those he has left. Nothing of somebody who never was in one. */
export function ContactGroups({ contactId }: { contactId: string }) {
  const { t } = useTranslation()
  const mayRead = useCan('groups.read')
  const [whole, setWhole] = useState(false)
  const found = api.useQuery(
    'get',
    '/api/contacts/{contactId}/groups',
    { params: { path: { contactId } } },
    { enabled: mayRead },
  )
  const items = found.data?.items ?? []
  if (items.length === 0) return null
  const [inside, past] = [items.filter((one) => one.leftAt === null), items.filter((one) => one.leftAt !== null)]
  return (
    <section className={styles.sheet} aria-label={t('groups.title')}>
      <h3>{t('groups.title')}</h3>
      {inside.length === 0 && <p className="quiet small">{t('groups.inNone')}</p>}
      <ul>
        {(whole ? items : inside).map((one) => (
          <li key={one.stayId} className={one.leftAt ? styles.past : undefined}>
            <Link to={`/groups/${one.groupChatId}`}>{one.name || t('groups.unnamedOf', { owner: one.owner })}</Link>
            <small>
              {one.leftAt ? (
                <>
                  {t(`groups.leftBy.${one.leftBy ?? 'unknown'}`)} <Ago at={one.leftAt} />
                </>
              ) : (
                <>
                  {one.invitor && one.scene !== 'code'
                    ? t('groups.invitedBy', { name: one.invitor })
                    : t(`groups.scene.${one.scene}`)}{' '}
                  <Ago at={one.joinedAt} />
                </>
              )}
            </small>
          </li>
        ))}
      </ul>
      {past.length > 0 && (
        <button type="button" className="textlink small" onClick={() => setWhole(!whole)} aria-expanded={whole}>
          {t(whole ? 'groups.hidePast' : 'groups.showPast', { n: past.length })}
        </button>
      )}
    </section>
  )
}
