import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Icon } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, ErrorPanel, SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { useSession } from '../staff/session.ts'
import { describeEvent, type EventItem } from './describe-event.ts'
import { EventFact, useSayMeaning } from './event-words.tsx'
import styles from './feed.module.css'
import { useFeed } from './use-feed.ts'

const PAGE = 30
/** A screen reader is told at most this often. */
const SAY_EVERY_MS = 10_000

/** 正在发生: the whole company's journal, live. */
export function FeedPanel({ onNews, className }: { onNews: () => void; className?: string | undefined }) {
  const { t } = useTranslation()
  const { corp } = useSession()
  const { items, fresh, live, isPending, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useFeed({
    pageSize: PAGE,
    onNews,
  })
  return (
    <Panel
      edge
      className={className}
      title={t('home.feed')}
      sub={
        <span className={`${styles.live} ${live === 'lost' ? styles.lost : ''}`}>
          {live === 'lost' ? t('home.lost_stream') : t('home.live')}
        </span>
      }
    >
      <Announce count={fresh.size} />
      {isPending && <SkeletonRows rows={10} height={53} />}
      {error && items.length === 0 && <ErrorPanel error={error} what={t('home.feed')} retry={() => void refetch()} />}
      {!isPending && !error && items.length === 0 && (
        <EmptyState
          icon="clock"
          title={t('home.feedNone')}
          why={t('home.feedNoneWhy')}
          action={
            corp.simulated && (
              <a className="textlink" href="/world" target="_blank" rel="noreferrer">
                {t('home.openWorld')}
              </a>
            )
          }
        />
      )}
      <ul className={styles.feed}>
        {items.map((item) => (
          <FeedItem key={item.eventId} item={item} fresh={fresh.has(item.eventId)} />
        ))}
      </ul>
      {hasNextPage && (
        <div className={styles.more}>
          <Button type="text" size="small" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('home.feedMore')}
          </Button>
        </div>
      )}
    </Panel>
  )
}

function FeedItem({ item, fresh }: { item: EventItem; fresh: boolean }) {
  const say = useSayMeaning()
  const { icon, tone, meaning } = describeEvent(item)
  const why = say(meaning)
  return (
    <li className={`${styles.item} ${styles[tone] ?? ''} ${fresh ? styles.fresh : ''}`}>
      <Icon name={icon} />
      <span className={styles.fact}>
        <EventFact item={item} who={<Link to={`/contacts?id=${item.contactId}`}>{item.contactName || '—'}</Link>} />
      </span>
      <span className={styles.why} title={why}>
        {why}
      </span>
      <span className={styles.when}>
        <Ago at={item.at} />
      </span>
    </li>
  )
}

/** Counts what came and says it in one message every ten seconds. */
function Announce({ count }: { count: number }) {
  const { t } = useTranslation()
  const [said, setSaid] = useState({ total: 0, news: 0 })
  useEffect(() => {
    if (count === said.total) return
    const timer = setTimeout(() => setSaid({ total: count, news: count - said.total }), SAY_EVERY_MS)
    return () => clearTimeout(timer)
  }, [count, said.total])
  return (
    <span className="unseen" aria-live="polite">
      {said.news > 0 ? t('home.feedSays', { count: said.news }) : ''}
    </span>
  )
}
