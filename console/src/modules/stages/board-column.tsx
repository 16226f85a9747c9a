import { keepPreviousData } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { sayCount } from '../../ui/number-words.ts'
import { ErrorPanel, SkeletonRows } from '../../ui/states.tsx'
import { languageOf } from '../../ui/time-words.ts'
import type { toQuery } from '../contacts/filters.ts'
import { BoardCard, type Card, readCard } from './board-card.tsx'
import { StageMark, shareOf } from './stage-mark.tsx'
import styles from './stages.module.css'
import type { Flow, Stage } from './use-stages.ts'

const PAGE = 20

interface Props {
  flow: Flow
  /** None: the customers without a stage. */
  stage: Stage | undefined
  count: { total: number; isFloor: boolean } | undefined
  query: ReturnType<typeof toQuery>
  openId: string | undefined
  onOpen: (contactId: string) => void
  /** Without the right to move nobody is. */
  onDrop?: (card: Card, stageId: string) => void
  onStep?: (card: Card, by: number) => void
}

export function BoardColumn({ flow, stage, count, ...rest }: Props) {
  const { t, i18n } = useTranslation()
  const [over, setOver] = useState(false)
  const { onDrop } = rest
  const ids = flow.stages.map((one) => one.stageId)
  const name = stage?.name ?? t('stages.none')
  const total = count && `${sayCount(count.total, languageOf(i18n))}${count.isFloor ? '+' : ''}`
  const droppable = onDrop && stage
  return (
    <li
      className={styles.column}
      aria-label={name}
      data-over={over || undefined}
      onDragOver={(event) => {
        if (!droppable) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false)
        const card = readCard(event.dataTransfer)
        if (droppable && card) onDrop(card, stage.stageId)
      }}
    >
      <header>
        <h2>{stage ? <StageMark name={name} color={stage.color} share={shareOf(ids, stage.stageId)} /> : name}</h2>
        <small>{total}</small>
      </header>
      <div className={styles.cards}>
        <Page flow={flow} stage={stage} cursor={undefined} {...rest} />
      </div>
    </li>
  )
}

/** One page of a column, and the next under it once it is asked for. */
function Page({ cursor, ...props }: Omit<Props, 'count'> & { cursor: string | undefined }) {
  const { t } = useTranslation()
  const { flow, stage, query, openId, onOpen, onStep } = props
  const [more, setMore] = useState(false)
  const which = stage ? { stageIds: stage.stageId } : { noStageOf: flow.flowId }
  const list = api.useQuery(
    'get',
    '/api/contacts',
    { params: { query: { ...query, ...which, cursor, limit: PAGE } } },
    { placeholderData: keepPreviousData },
  )
  if (list.error) return <ErrorPanel error={list.error} what={t('stages.title')} retry={() => void list.refetch()} />
  if (!list.data) return <SkeletonRows rows={4} />
  const { items, nextCursor } = list.data
  if (items.length === 0 && !cursor) return <p className={styles.empty}>{t('stages.emptyColumn')}</p>
  return (
    <>
      {items.map((row) => (
        <BoardCard
          key={row.contactId}
          row={row}
          flowId={flow.flowId}
          isOpen={row.contactId === openId}
          onOpen={onOpen}
          onStep={onStep}
        />
      ))}
      {nextCursor && more && <Page {...props} cursor={nextCursor} />}
      {nextCursor && !more && (
        <Button size="small" type="text" block onClick={() => setMore(true)}>
          {t('stages.more')}
        </Button>
      )}
    </>
  )
}
