import { Drawer } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { useNow } from '../../ui/clock.ts'
import { languageOf, sayDay } from '../../ui/time-words.ts'
import { useCan } from '../staff/session.ts'
import styles from './segments.module.css'
import { WhyPanel } from './why-panel.tsx'

/** The segments a customer is in, until when, and those time will bring him into. Each says why. */
export function ContactSegments({ contactId }: { contactId: string }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const mayRead = useCan('segments.read')
  const [open, setOpen] = useState<{ segmentId: string; name: string }>()
  const found = api.useQuery(
    'get',
    '/api/contacts/{contactId}/segments',
    { params: { path: { contactId } } },
    { enabled: mayRead },
  )
  if (!found.data || found.data.items.length === 0) return null
  const day = (at: string) => sayDay(new Date(at), now, languageOf(i18n))
  return (
    <section className={styles.card} aria-label={t('segments.title')}>
      <h3>{t('segments.title')}</h3>
      <ul>
        {found.data.items.map((one) => (
          <li key={one.segmentId}>
            <button type="button" onClick={() => setOpen(one)} className={one.inside ? undefined : styles.later}>
              <b>{one.name}</b>
              <small>
                {one.inside
                  ? one.until
                    ? t('segments.until', { at: day(one.until) })
                    : ''
                  : t('segments.from', { at: day(one.since) })}
              </small>
            </button>
          </li>
        ))}
      </ul>
      <Drawer
        open={open !== undefined}
        onClose={() => setOpen(undefined)}
        title={open?.name}
        size={420}
        destroyOnHidden
        extra={open && <Link to={`/segments/${open.segmentId}`}>{t('segments.openSegment')}</Link>}
      >
        {open && <WhyPanel segmentId={open.segmentId} contactId={contactId} />}
      </Drawer>
    </section>
  )
}
