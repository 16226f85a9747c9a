import { keepPreviousData } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { api } from '../../../api/client.ts'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { sayCount, sayRate, sayYuan } from '../../../ui/number-words.ts'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, SkeletonRows } from '../../../ui/states.tsx'
import { languageOf } from '../../../ui/time-words.ts'
import styles from './radar.module.css'
import type { EffectRow } from './use-radar.ts'

const DAYS = ['7', '30', '90'] as const

/** Of the people a piece was sent to, who opened it, read it, was tagged and paid within a week; and whose did so most often. */
export function EffectPanel() {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams()
  const days = DAYS.find((one) => one === params.get('days')) ?? '30'
  const effect = api.useQuery(
    'get',
    '/api/radar/effect',
    { params: { query: { days: Number(days) } } },
    { placeholderData: keepPreviousData },
  )
  const language = languageOf(i18n)
  const of = (n: number, { people }: EffectRow) => (
    <span className={styles.rate}>
      {sayCount(n, language)}
      <small>{sayRate(n, people)}</small>
    </span>
  )
  const columns: Column<EffectRow>[] = [
    {
      key: 'title',
      title: t('radar.effect.piece'),
      cell: ({ title, kind }) => (
        <span className={styles.title}>
          <b>{title}</b>
          <small>{t(`radar.kind.${kind}` as 'radar.kind.article')}</small>
        </span>
      ),
    },
    {
      key: 'people',
      title: t('radar.effect.people'),
      align: 'right',
      width: 84,
      cell: ({ people }) => sayCount(people, language),
    },
    {
      key: 'opened',
      title: t('radar.effect.opened'),
      align: 'right',
      width: 96,
      cell: (row) => (row.piece === 'script' ? '—' : of(row.opened, row)),
    },
    {
      key: 'read',
      title: t('radar.effect.read'),
      align: 'right',
      width: 96,
      cell: (row) => (row.piece === 'script' ? '—' : of(row.read, row)),
    },
    {
      key: 'replied',
      title: t('radar.effect.replied'),
      align: 'right',
      width: 96,
      cell: (row) => (effect.data?.hearsReplies ? of(row.replied, row) : '—'),
    },
    { key: 'tagged', title: t('radar.effect.tagged'), align: 'right', width: 96, cell: (row) => of(row.tagged, row) },
    {
      key: 'ordered',
      title: t('radar.effect.ordered'),
      align: 'right',
      width: 96,
      cell: (row) => of(row.ordered, row),
    },
    {
      key: 'amount',
      title: t('radar.effect.amount'),
      align: 'right',
      width: 110,
      cell: ({ amountFen }) => sayYuan(amountFen),
    },
    { key: 'best', title: t('radar.effect.best'), width: 220, cell: (row) => <Best row={row} /> },
  ]
  return (
    <Loaded query={effect} what={t('radar.tab.effect')} skeleton={<SkeletonRows rows={6} avatar={false} />}>
      {({ items, afterDays, readDepth, hearsReplies }) => (
        <>
          <Panel
            edge
            title={t('radar.tab.effect')}
            sub={t('radar.effect.sub', { n: afterDays })}
            extra={
              <Segmented
                aria-label={t('radar.effect.days')}
                value={days}
                options={DAYS.map((n) => ({ value: n, label: t('radar.effect.lastDays', { n }) }))}
                onChange={(next) => setParams({ tab: 'effect', days: next }, { replace: true })}
              />
            }
          >
            {items.length === 0 ? (
              <EmptyState icon="message" title={t('radar.effect.emptyTitle')} why={t('radar.effect.emptyWhy')} />
            ) : (
              <ListTable
                rows={items}
                columns={columns}
                rowKey={({ piece, pieceId }) => `${piece} ${pieceId}`}
                label={t('radar.tab.effect')}
                minWidth={1_080}
                onOpen={({ piece, pieceId }) => piece === 'material' && void navigate(`/content/radar/${pieceId}`)}
                card={(row) => (
                  <div className={styles.card}>
                    <b>{row.title}</b>
                    <span className="small quiet">
                      {t('radar.effect.cardLine', {
                        people: sayCount(row.people, language),
                        opened: sayRate(row.opened, row.people),
                        ordered: sayRate(row.ordered, row.people),
                        amount: sayYuan(row.amountFen),
                      })}
                    </span>
                    <Best row={row} />
                  </div>
                )}
              />
            )}
          </Panel>
          <p className={styles.note}>
            {t('radar.effect.note', { n: afterDays, depth: readDepth })}
            {!hearsReplies && ` ${t('radar.effect.noReplies')}`}
          </p>
        </>
      )}
    </Loaded>
  )
}

function Best({ row }: { row: EffectRow }) {
  const { t } = useTranslation()
  if (row.best.length === 0) return <span className="quiet">—</span>
  return (
    <span className="small">
      {row.best.map(({ staffId, name, people, ordered }) => (
        <span key={staffId} className={styles.best} title={t('radar.effect.bestWhy', { people, ordered })}>
          {name} {sayRate(ordered, people)}
        </span>
      ))}
    </span>
  )
}
