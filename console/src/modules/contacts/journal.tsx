import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../../api/query-client.ts'
import { useNow } from '../../ui/clock.ts'
import { Icon } from '../../ui/icon.tsx'
import { EmptyState, ErrorPanel, SkeletonRows } from '../../ui/states.tsx'
import { languageOf, sayClock, sayDayHeading, sayFull, shanghaiDayNumber } from '../../ui/time-words.ts'
import { describeEvent, type EventItem } from '../events/describe-event.ts'
import { EventFact, useSayMeaning } from '../events/event-words.tsx'
import { useFeed } from '../events/use-feed.ts'
import styles from './contacts.module.css'
import { GROUPS, JournalFilter, type JournalGroup } from './journal-filter.tsx'
import { NoteBody, NoteComposer } from './notes.tsx'

const PAGE = 40

/** His journal, newest first, by day; what happens now appears by itself. */
export function Journal({ contactId }: { contactId: string }) {
  const [group, setGroup] = useState<JournalGroup>('all')
  return (
    <div className={styles.journal}>
      <NoteComposer contactId={contactId} />
      <JournalFilter group={group} onChange={setGroup} />
      <Moments key={group} contactId={contactId} group={group} onAll={() => setGroup('all')} />
    </div>
  )
}

interface MomentsProps {
  contactId: string
  group: JournalGroup
  onAll: () => void
}

function Moments({ contactId, group, onAll }: MomentsProps) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const { items, fresh, isPending, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useFeed({
    contactId,
    pageSize: PAGE,
    kinds: GROUPS[group],
    onNews: () => {
      for (const path of ['/api/contacts/{contactId}', '/api/contacts/{contactId}/manual'])
        void queryClient.invalidateQueries({ queryKey: ['get', path, { params: { path: { contactId } } }] })
    },
  })
  if (isPending) return <SkeletonRows rows={5} height={48} />
  if (error && items.length === 0)
    return <ErrorPanel error={error} what={t('contacts.tabs.timeline')} retry={() => void refetch()} />
  if (items.length === 0 && group !== 'all')
    return (
      <EmptyState
        small
        icon="filter"
        title={t('journal.none')}
        why={t('journal.noneWhy')}
        action={
          <Button size="small" onClick={onAll}>
            {t('journal.showAll')}
          </Button>
        }
      />
    )
  if (items.length === 0)
    return <EmptyState icon="clock" title={t('contacts.timelineNone')} why={t('contacts.timelineNoneWhy')} />
  const dayOf = (item: EventItem) => shanghaiDayNumber(new Date(item.at))
  const days = Map.groupBy(items, dayOf)
  return (
    <div>
      {[...days].map(([day, ofDay]) => (
        <section key={day}>
          <h3 className={styles.day}>{ofDay[0] && sayDayHeading(new Date(ofDay[0].at), now, languageOf(i18n))}</h3>
          <ol>
            {ofDay.map((item) => (
              <JournalItem key={item.eventId} item={item} fresh={fresh.has(item.eventId)} />
            ))}
          </ol>
        </section>
      ))}
      {hasNextPage && (
        <Button size="small" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('contacts.earlier')}
        </Button>
      )}
    </div>
  )
}

function JournalItem({ item, fresh }: { item: EventItem; fresh: boolean }) {
  const say = useSayMeaning()
  const { icon, tone, meaning } = describeEvent(item)
  const why = say(meaning)
  const at = new Date(item.at)
  return (
    <li className={`${styles.moment} ${fresh ? styles.fresh : ''}`}>
      <time dateTime={item.at} title={sayFull(at)}>
        {sayClock(at)}
      </time>
      <span className={`${styles.dot} ${styles[tone] ?? ''}`}>
        <Icon name={icon} size={13} />
      </span>
      <div>
        <p>
          <EventFact item={item} />
        </p>
        {item.kind === 'note.added' ? <NoteBody item={item} /> : why && <small>{why}</small>}
      </div>
    </li>
  )
}
