import { keepPreviousData } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { TagRow } from '../../ui/tag-chip.tsx'
import { Ago } from '../../ui/time.tsx'
import styles from './contacts.module.css'

type Group = Answer<'/api/duplicates'>['items'][number]
type Row = Group['contacts'][number]
const WAYS = ['mobile', 'face'] as const

/** Customers who may be one person, side by side. Looked at only. */
export function DuplicatesPage() {
  const { t } = useTranslation()
  const [params] = useSearchParams()
  const by = WAYS.find((way) => way === params.get('by')) ?? 'mobile'
  const after = params.get('after') ?? undefined
  const found = api.useQuery(
    'get',
    '/api/duplicates',
    { params: { query: { by, after } } },
    { placeholderData: keepPreviousData },
  )
  const search = (next?: string) => new URLSearchParams({ by, ...(next ? { after: next } : {}) }).toString()
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.contacts'), to: '/contacts' }]} title={t('duplicates.title')} />
      <nav className={styles.tabs} aria-label={t('duplicates.title')}>
        {WAYS.map((way) => (
          <Link key={way} className={styles.tab} to={`?by=${way}`} aria-current={way === by ? 'page' : undefined}>
            {t(`duplicates.by.${way}`)}
          </Link>
        ))}
      </nav>
      <div className={styles.groups}>
        <p className="soft">
          {t(`duplicates.why.${by}`)}
          {t('duplicates.readOnly')}
        </p>
        <Loaded query={found} what={t('duplicates.title')} skeleton={<SkeletonRows rows={8} />}>
          {(page) =>
            page.items.length === 0 ? (
              <EmptyState icon="people" title={t('duplicates.none')} why={t('duplicates.noneWhy')} />
            ) : (
              <div className={styles.groupList}>
                {page.items.map((group) => (
                  <Pair key={group.key} group={group} />
                ))}
                <div className={styles.noteFoot}>
                  {after && (
                    <Link to={`?${search()}`}>
                      <Button>{t('duplicates.start')}</Button>
                    </Link>
                  )}
                  {page.nextCursor && (
                    <Link to={`?${search(page.nextCursor)}`}>
                      <Button>{t('duplicates.more')}</Button>
                    </Link>
                  )}
                </div>
              </div>
            )
          }
        </Loaded>
      </div>
    </>
  )
}

function Pair({ group }: { group: Group }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const who = (row: Row) => (
    <span className={styles.who}>
      <Avatar name={row.name} src={row.avatar} />
      <b>{row.name || '—'}</b>
      {row.remark && row.remark !== row.name && <small>{row.remark}</small>}
      {row.lostAt && <span className={styles.gone}>{t('contacts.lostMark')}</span>}
    </span>
  )
  const staff = (row: Row) => row.followers.map(({ name }) => name).join('、') || '—'
  const columns: Column<Row>[] = [
    { key: 'name', title: t('duplicates.column.name'), width: '32%', cell: who },
    { key: 'staff', title: t('duplicates.column.staff'), width: '20%', cell: staff },
    {
      key: 'tags',
      title: t('duplicates.column.tags'),
      cell: (row) => (row.tags.length > 0 ? <TagRow tags={row.tags} /> : '—'),
    },
    {
      key: 'added',
      title: t('duplicates.column.added'),
      width: 120,
      align: 'right',
      cell: (row) => <span className="soft">{row.lastAddedAt ? <Ago at={row.lastAddedAt} /> : '—'}</span>,
    },
  ]
  const title = group.mobiles?.split(' ').join('、') ?? group.contacts[0]?.name
  return (
    <Panel edge title={title} sub={t('duplicates.people', { n: group.contacts.length })}>
      <ListTable
        rows={group.contacts}
        columns={columns}
        rowKey={(row) => row.contactId}
        label={title ?? ''}
        onOpen={(row) => void navigate(`/contacts/${row.contactId}`)}
        minWidth={640}
        card={(row) => (
          <span className={styles.card}>
            {who(row)}
            <span className={styles.cardMeta}>
              <span>{staff(row)}</span>
              {row.lastAddedAt && <Ago at={row.lastAddedAt} />}
            </span>
          </span>
        )}
      />
    </Panel>
  )
}
