import { keepPreviousData } from '@tanstack/react-query'
import { Segmented } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api } from '../../../api/client.ts'
import { useKeyset } from '../../../ui/keyset.ts'
import { KeysetFooter } from '../../../ui/keyset-footer.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, SkeletonRows } from '../../../ui/states.tsx'
import { Ago } from '../../../ui/time.tsx'
import { languageOf } from '../../../ui/time-words.ts'
import styles from './radar.module.css'
import { saySeconds } from './say-seconds.ts'
import type { Reader } from './use-radar.ts'

const PAGE = 20
const SORTS = ['last', 'seconds', 'opens'] as const

/** Person by person: how often, how long, how far. */
export function ReadersPanel({ materialId }: { materialId: string }) {
  const { t, i18n } = useTranslation()
  const keyset = useKeyset()
  const [params, setParams] = useSearchParams()
  const sort = SORTS.find((one) => one === params.get('sort')) ?? 'last'
  const readers = api.useQuery(
    'get',
    '/api/radar/materials/{materialId}/readers',
    {
      params: {
        path: { materialId },
        query: { sort, limit: PAGE, ...(keyset.cursor ? { before: keyset.cursor } : {}) },
      },
    },
    { placeholderData: keepPreviousData },
  )
  const language = languageOf(i18n)
  const columns: Column<Reader>[] = [
    { key: 'name', title: t('radar.readers.name'), cell: (row) => <Name row={row} /> },
    { key: 'opens', title: t('radar.column.opens'), align: 'right', width: 80, cell: ({ opens }) => opens },
    {
      key: 'seconds',
      title: t('radar.readers.seconds'),
      align: 'right',
      width: 120,
      cell: ({ seconds }) => saySeconds(seconds, language),
    },
    { key: 'depth', title: t('radar.readers.depth'), width: 190, cell: (row) => <Depth {...row} /> },
    { key: 'first', title: t('radar.readers.first'), width: 120, cell: ({ firstAt }) => <Ago at={firstAt} /> },
    { key: 'last', title: t('radar.column.last'), width: 120, cell: ({ lastAt }) => <Ago at={lastAt} /> },
  ]
  return (
    <Panel
      edge
      title={t('radar.readers.title')}
      sub={t('radar.readers.sub')}
      extra={
        <Segmented
          size="small"
          aria-label={t('radar.readers.sort')}
          value={sort}
          options={SORTS.map((value) => ({ value, label: t(`radar.readers.by.${value}`) }))}
          onChange={(next) => setParams(next === 'last' ? {} : { sort: next }, { replace: true })}
        />
      }
    >
      <Loaded query={readers} what={t('radar.readers.title')} skeleton={<SkeletonRows rows={5} avatar={false} />}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <EmptyState small icon="people" title={t('radar.readers.none')} why={t('radar.readers.noneWhy')} />
          ) : (
            <>
              <ListTable
                rows={items}
                columns={columns}
                rowKey={({ contactId }) => contactId}
                label={t('radar.readers.title')}
                minWidth={760}
                card={(row) => (
                  <div className={styles.card}>
                    <Name row={row} />
                    <span className="small quiet">
                      {t('radar.readers.cardLine', {
                        opens: row.opens,
                        seconds: saySeconds(row.seconds, language),
                        depth: row.depth,
                      })}
                      {row.pages.length > 0 && ` · ${sayPages(row.pages, t)}`}
                    </span>
                  </div>
                )}
              />
              <KeysetFooter keyset={keyset} nextCursor={nextCursor} shown={items.length} pageSize={PAGE} />
            </>
          )
        }
      </Loaded>
    </Panel>
  )
}

function Name({ row }: { row: Reader }) {
  const { t } = useTranslation()
  if (!row.known) return <span className="quiet">{t('radar.readers.stranger')}</span>
  return (
    <span className={styles.title}>
      {row.customer ? (
        <Link to={`/contacts/${row.contactId}`}>{row.name || t('radar.readers.nameless')}</Link>
      ) : (
        <b>{row.name || t('radar.readers.nameless')}</b>
      )}
      {!row.customer && <small>{t('radar.readers.notCustomer')}</small>}
    </span>
  )
}

/** Of a PDF: the farthest page, and the one he stayed on longest. */
function sayPages(pages: readonly number[], t: TFunction): string {
  const longest = pages.reduce((best, seconds, i) => (seconds > pages[best]! ? i : best), 0)
  return t('radar.readers.pages', { n: pages.length, longest: longest + 1 })
}

function Depth({ depth, pages }: Pick<Reader, 'depth' | 'pages'>) {
  const { t } = useTranslation()
  if (pages.length > 0) return <span>{sayPages(pages, t)}</span>
  return (
    <span className={styles.depth}>
      <i aria-hidden>
        <b style={{ width: `${depth}%` }} />
      </i>
      {depth}%
    </span>
  )
}
