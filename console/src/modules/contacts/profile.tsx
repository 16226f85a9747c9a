import { useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { useNow } from '../../ui/clock.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { SkeletonBlock } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { languageOf, sayDay, shanghaiDayNumber } from '../../ui/time-words.ts'
import { nameAddWay } from '../events/add-way.ts'
import { ContactGroups } from '../groups/contact-groups.tsx'
import { ContactJourneys } from '../journeys/contact-journeys.tsx'
import { ContactSegments } from '../segments/contact-segments.tsx'
import { useCan } from '../staff/session.ts'
import { ContactStages } from '../stages/contact-stages.tsx'
import { ContactTasks } from '../tasks/contact-tasks.tsx'
import { ContactTouches } from '../touches/contact-touches.tsx'
import { ContactTags } from './contact-tags.tsx'
import styles from './contacts.module.css'
import { FieldsCard } from './fields-card.tsx'
import { Follows } from './follows.tsx'
import { IdentityChip } from './identity-chip.tsx'
import { Interest } from './interest.tsx'
import { Journal } from './journal.tsx'
import { ManualCard } from './manual-card.tsx'
import { Memberships } from './memberships.tsx'
import { MobileChips } from './mobile-chip.tsx'
import { OrderSums } from './order-sums.tsx'

export type Contact = Answer<'/api/contacts/{contactId}'>

export const useContact = (contactId: string) =>
  api.useQuery('get', '/api/contacts/{contactId}', { params: { path: { contactId } } })

/** The drawer: who, identities, four facts, how to serve him, tags, then what happened. */
export function Profile({ contactId }: { contactId: string }) {
  const { t } = useTranslation()
  const contact = useContact(contactId)
  const [tab, setTab] = useState<'timeline' | 'follows'>('timeline')
  return (
    <Loaded
      query={contact}
      what={t('nav.contacts')}
      skeleton={
        <div style={{ padding: 20 }}>
          <SkeletonBlock height={300} />
        </div>
      }
    >
      {(data) => (
        <>
          <ProfileCard contact={data} />
          <div className={styles.inner} role="tablist">
            {(['timeline', 'follows'] as const).map((name) => (
              <button
                key={name}
                type="button"
                role="tab"
                aria-selected={tab === name}
                className={styles.tab}
                aria-current={tab === name ? 'page' : undefined}
                onClick={() => setTab(name)}
              >
                {t(`contacts.tabs.${name}`)}
                {name === 'follows' && <small>{data.follows.length}</small>}
              </button>
            ))}
          </div>
          {tab === 'timeline' ? <Journal contactId={contactId} /> : <Follows follows={data.follows} />}
        </>
      )}
    </Loaded>
  )
}

/** Everything but the timeline. */
export function ProfileCard({ contact }: { contact: Contact }) {
  const maySeeOrders = useCan('orders.read')
  return (
    <>
      <Head contact={contact} />
      <Identities contact={contact} />
      <Facts contact={contact} />
      {maySeeOrders && <OrderSums contactId={contact.contactId} />}
      <ContactStages contactId={contact.contactId} name={contact.name} />
      <ContactTasks contact={contact} />
      <ContactTouches contactId={contact.contactId} />
      <ContactJourneys contactId={contact.contactId} />
      <ManualCard contactId={contact.contactId} noted={<Notes contact={contact} />} />
      <Interest contactId={contact.contactId} />
      {maySeeOrders && <Memberships contactId={contact.contactId} />}
      <FieldsCard contact={contact} />
      <ContactTags contact={contact} />
      <ContactGroups contactId={contact.contactId} />
      <ContactSegments contactId={contact.contactId} />
    </>
  )
}

function Head({ contact }: { contact: Contact }) {
  const { t } = useTranslation()
  const now = useNow()
  const main = contact.follows.find(({ lostAt }) => lostAt === null)
  const gender =
    contact.gender === 1 ? t('contacts.gender.male') : contact.gender === 2 ? t('contacts.gender.female') : undefined
  return (
    <div className={styles.head}>
      <Avatar name={contact.name} src={contact.avatar} size={46} />
      <div style={{ minWidth: 0 }}>
        <h2>
          {contact.name || '—'}
          {contact.kind === 1 ? (
            <span className={styles.at} style={{ fontWeight: 400 }}>
              {t('contacts.wechat')}
            </span>
          ) : (
            <span className={styles.foreign} style={{ fontWeight: 400 }}>
              @{contact.corpName ?? t('contacts.company')}
            </span>
          )}
        </h2>
        <p>
          {[contact.position, gender]
            .filter(Boolean)
            .map((word) => `${word} · `)
            .join('')}
          {main ? (
            <Trans
              t={t}
              i18nKey="contacts.followedBy"
              values={{ days: shanghaiDayNumber(now) - shanghaiDayNumber(new Date(main.addedAt)) + 1 }}
              components={{ staff: <b>{main.staffName}</b> }}
            />
          ) : (
            <>
              {t('contacts.nobody')}
              {contact.lostAt && (
                <>
                  {' '}
                  · <Ago at={contact.lostAt} />
                </>
              )}
            </>
          )}
        </p>
      </div>
    </div>
  )
}

/** More are devices, mostly. */
const IDENTITIES_SHOWN = 8

function Identities({ contact }: { contact: Contact }) {
  const { t } = useTranslation()
  const mobiles = [...new Set(contact.follows.flatMap(({ mobiles: own }) => own))]
  // A number a member wrote down is shown already, by the same mask.
  const others = contact.identities.filter(({ kind, shown }) => kind !== 'phone' || !mobiles.includes(shown))
  const [shown, more] = [others.slice(0, IDENTITIES_SHOWN), others.length - IDENTITIES_SHOWN]
  return (
    <div className={styles.ids}>
      <MobileChips contactId={contact.contactId} mobiles={mobiles} />
      {shown.map((identity) => (
        <IdentityChip key={`${identity.kind} ${identity.shown}`} identity={identity} />
      ))}
      {more > 0 && <span className={styles.id}>{t('identity.more', { n: more })}</span>}
    </div>
  )
}

function Facts({ contact }: { contact: Contact }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const held = contact.follows.filter(({ lostAt }) => lostAt === null)
  const first = contact.follows.toSorted((a, b) => (a.addedAt < b.addedAt ? -1 : 1))[0]
  const latest = held.toSorted((a, b) => (a.addedAt > b.addedAt ? -1 : 1))[0]
  const day = (at: string | null) => (at ? sayDay(new Date(at), now, languageOf(i18n)) : '—')
  const past = contact.follows.length - held.length
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{t('contacts.fact.followers')}</dt>
        <dd>{t('contacts.followersUnit', { count: held.length })}</dd>
        <dd className={styles.factNote}>{past > 0 && t('contacts.ofLost', { count: past })}</dd>
      </div>
      <div>
        <dt>{t('contacts.fact.first')}</dt>
        <dd>{day(contact.firstAddedAt)}</dd>
        <dd className={styles.factNote}>{first?.staffName}</dd>
      </div>
      <div>
        <dt>{t('contacts.fact.last')}</dt>
        <dd>{contact.lastAddedAt ? <Ago at={contact.lastAddedAt} /> : '—'}</dd>
        <dd className={styles.factNote}>{contact.follows.length > 1 && latest?.staffName}</dd>
      </div>
      <div>
        <dt>{t('contacts.fact.source')}</dt>
        <dd>
          {first?.channelCode ? (
            <Link to={`/channels/${first.channelCode.channelCodeId}`} title={first.channelCode.name}>
              {first.channelCode.name}
            </Link>
          ) : (
            t(`addWay.${nameAddWay(first?.addWay ?? 0)}`)
          )}
        </dd>
        <dd className={styles.factNote}>{first?.channelCode && t(`addWay.${nameAddWay(first.addWay)}`)}</dd>
      </div>
    </dl>
  )
}

/** What the staff wrote about him. Nothing when nobody wrote anything. */
function Notes({ contact }: { contact: Contact }) {
  const noted = contact.follows.filter(({ remark, description }) => (remark && remark !== contact.name) || description)
  if (noted.length === 0) return null
  return (
    <dl>
      {noted.map(({ staffId, staffName, remark, description }) => (
        <div key={staffId} style={{ display: 'contents' }}>
          <dt>{staffName}</dt>
          <dd>
            {remark && <b>{remark}</b>}
            {remark && description && '　'}
            {description}
          </dd>
        </div>
      ))}
    </dl>
  )
}
