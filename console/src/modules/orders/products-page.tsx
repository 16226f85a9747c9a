import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount, sayYuan } from '../../ui/number-words.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { languageOf } from '../../ui/time-words.ts'
import styles from '../contacts/contacts.module.css'
import { useCan } from '../staff/session.ts'
import { SHOPS } from './order-filters.tsx'

type Row = Answer<'/api/products'>['items'][number]

/** What is sold, and how much of it lately; the people who bought it are a segment away. */
export function ProductsPage() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const q = params.get('q')?.trim() ?? ''
  const list = api.useQuery('get', '/api/products', { params: { query: q ? { q } : {} } })
  const search = (words: string) => setParams(words ? { q: words } : {}, { replace: true })
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('nav.orders'), to: '/orders' }]}
        title={t('orderWork.products.title')}
        meta={t('orderWork.products.period')}
      />
      <div className={styles.filters}>
        <SearchBox value={q} onCommit={search} maxLength={60} placeholder={t('orderWork.products.search')} />
      </div>
      <div className={styles.list}>
        <Loaded query={list} what={t('orderWork.products.title')} skeleton={<SkeletonRows rows={10} avatar={false} />}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState
                icon="archive"
                title={t(q ? 'orderWork.products.noneFound' : 'orderWork.products.none')}
                why={q ? undefined : t('orderWork.products.noneWhy')}
                action={q && <Button onClick={() => search('')}>{t('orders.clear')}</Button>}
              />
            ) : (
              <Rows rows={items} />
            )
          }
        </Loaded>
      </div>
    </>
  )
}

function Rows({ rows }: { rows: Row[] }) {
  const { t, i18n } = useTranslation()
  const mayBuild = useCan('segments.write')
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const shop = (row: Row) => {
    const known = SHOPS.find((one) => one === row.shop)
    return known ? t(`orders.shops.${known}`) : row.shop
  }
  const buyers = (row: Row) =>
    mayBuild ? (
      <Link to={`/segments/new?${new URLSearchParams({ bought: row.productNo, name: row.name })}`}>
        {t('orderWork.products.people', { n: count(row.buyers) })}
      </Link>
    ) : (
      t('orderWork.products.people', { n: count(row.buyers) })
    )
  const columns: Column<Row>[] = [
    {
      key: 'name',
      title: t('orders.column.goods'),
      width: '30%',
      cell: (row) => (
        <span title={row.productNo}>
          <b>{row.name}</b> <small className="quiet">{row.category}</small>
        </span>
      ),
    },
    { key: 'shop', title: t('orders.column.shop'), width: 120, cell: shop },
    { key: 'buyers', title: t('orderWork.products.buyers'), width: 130, align: 'right', cell: buyers },
    {
      key: 'orders',
      title: t('orderWork.products.orders'),
      width: 110,
      align: 'right',
      cell: (row) => count(row.orders),
    },
    {
      key: 'pieces',
      title: t('orderWork.products.pieces'),
      width: 110,
      align: 'right',
      cell: (row) => count(row.pieces),
    },
    {
      key: 'amount',
      title: t('orderWork.products.amount'),
      width: 150,
      align: 'right',
      cell: (row) => sayYuan(row.amountFen),
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={(row) => `${row.shop} ${row.productNo}`}
      label={t('orderWork.products.title')}
      minWidth={820}
      card={(row) => (
        <span className={styles.card}>
          <b>{row.name}</b>
          <span className={styles.cardMeta}>
            <span>
              {sayYuan(row.amountFen)} · {shop(row)}
            </span>
            {buyers(row)}
          </span>
        </span>
      )}
    />
  )
}
