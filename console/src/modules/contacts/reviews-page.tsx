import { keepPreviousData } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { shortEvent } from '../events/describe-event.ts'
import contacts from './contacts.module.css'
import { IdentityChip } from './identity-chip.tsx'
import { MergedList } from './merged-list.tsx'
import styles from './reviews.module.css'

type Review = Answer<'/api/merge-reviews'>['items'][number]
type Side = Review['stays']
const PAGE = 20
const VIEWS = ['open', 'merged'] as const

/** After a decision everything that shows a customer may read otherwise. */
export const refreshPersons = () => queryClient.invalidateQueries()

/** Two who may be one person, side by side, for somebody to decide. */
export function ReviewsPage() {
  const { t } = useTranslation()
  const [params] = useSearchParams()
  const view = VIEWS.find((one) => one === params.get('view')) ?? 'open'
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.contacts'), to: '/contacts' }]} title={t('reviews.title')} />
      <nav className={contacts.tabs} aria-label={t('reviews.title')}>
        {VIEWS.map((one) => (
          <Link
            key={one}
            className={contacts.tab}
            to={one === 'open' ? '?' : `?view=${one}`}
            aria-current={one === view ? 'page' : undefined}
          >
            {t(`reviews.tab.${one}`)}
          </Link>
        ))}
      </nav>
      {view === 'open' ? <Waiting /> : <MergedList />}
    </>
  )
}

function Waiting() {
  const { t } = useTranslation()
  const keyset = useKeyset()
  const query = keyset.cursor ? { cursor: keyset.cursor } : {}
  const found = api.useQuery('get', '/api/merge-reviews', { params: { query } }, { placeholderData: keepPreviousData })
  return (
    <Loaded query={found} what={t('reviews.title')} skeleton={<SkeletonRows rows={6} height={120} />}>
      {({ items, nextCursor, waiting }) =>
        items.length === 0 ? (
          <EmptyState icon="people" title={t('reviews.none')} why={t('reviews.noneWhy')} />
        ) : (
          <div className={contacts.groups}>
            <div className={contacts.groupList}>
              {items.map((review) => (
                <Pair key={`${review.stays.contactId} ${review.joins.contactId}`} review={review} />
              ))}
            </div>
            {(nextCursor || keyset.previous) && (
              <KeysetFooter
                keyset={keyset}
                nextCursor={nextCursor}
                shown={items.length}
                pageSize={PAGE}
                total={t('reviews.meta', { n: waiting })}
              />
            )}
          </div>
        )
      }
    </Loaded>
  )
}

function Pair({ review }: { review: Review }) {
  const { t } = useTranslation()
  const { stays, joins, met, apartOnly } = review
  const what = met.map(({ kind, shown }) => `${t(`identity.${kind}`)} ${shown}`).join('、')
  const typed = met.some(({ trust }) => trust < 2)
  return (
    <Panel
      title={what ? t('reviews.met', { what }) : t('reviews.metNothing')}
      sub={typed ? t('reviews.typed') : undefined}
      extra={<Ago at={review.createdAt} />}
      edge
    >
      <div className={styles.sides}>
        <Person side={stays} />
        <Person side={joins} />
      </div>
      <footer className={styles.foot}>
        <span className="small quiet">
          {apartOnly ? t('reviews.apartOnly') : t('reviews.mergeWhy', { name: stays.name || t('reviews.visitor') })}
        </span>
        <Decide review={review} />
      </footer>
    </Panel>
  )
}

function Person({ side }: { side: Side }) {
  const { t } = useTranslation()
  const { count, isFloor, last, lastAt } = side.events
  const events =
    count === 0
      ? t('reviews.noEvents')
      : isFloor
        ? t('reviews.eventsFloor', { n: count })
        : t('reviews.events', { count })
  const name = side.name || t('reviews.visitor')
  return (
    <div className={styles.side}>
      <Link to={`/contacts/${side.contactId}`} className={styles.who}>
        <Avatar name={name} src={side.avatar} />
        <span>
          <b>{name}</b>
          <small className="quiet">
            {side.staff.length > 0
              ? t('reviews.staff', { names: side.staff.slice(0, 3).join('、') })
              : t('reviews.noStaff')}
          </small>
        </span>
      </Link>
      <div className={styles.ids}>
        {side.identities.map((identity) => (
          <IdentityChip key={`${identity.kind} ${identity.shown}`} identity={identity} />
        ))}
      </div>
      <p className="small soft">
        {events}
        {last && ` · ${t('reviews.last', { what: t(`events.short.${shortEvent(last)}`) })} `}
        {lastAt && <Ago at={lastAt} />}
      </p>
      <p className="small quiet">
        {t('reviews.since')} <Ago at={side.knownSince} />
      </p>
    </div>
  )
}

function Decide({ review: { stays, joins, apartOnly } }: { review: Review }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const decide = api.useMutation('post', '/api/contacts/{contactId}/merge-reviews/{otherId}', {
    onError,
    onSuccess: refreshPersons,
  })
  const path = { contactId: stays.contactId, otherId: joins.contactId }
  const choose = (decision: 'merge' | 'apart') =>
    decide.mutate(
      { params: { path }, body: { decision } },
      { onSuccess: () => void message.success(t(decision === 'merge' ? 'reviews.merged' : 'reviews.kept')) },
    )
  return (
    <span className={styles.acts}>
      <Button size="small" disabled={decide.isPending} onClick={() => choose('apart')}>
        {t('reviews.apart')}
      </Button>
      {!apartOnly && (
        <Button size="small" type="primary" ghost loading={decide.isPending} onClick={() => choose('merge')}>
          {t('reviews.merge')}
        </Button>
      )}
    </span>
  )
}
