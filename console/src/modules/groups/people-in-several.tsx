import { keepPreviousData } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { sayNames, Tags, Who } from './group-words.tsx'
import styles from './groups.module.css'
import { changed, type InSeveral, PAGE, wordOf } from './use-groups.ts'

const WHO = ['all', 'customers', 'strangers'] as const
const AT_LEAST = ['2', '3', '5'] as const

/** Whoever sits in several groups hears everything several times: those in most of them first. */
export function PeopleInSeveral() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const who = wordOf(params, 'who', WHO)
  const atLeast = wordOf(params, 'least', AT_LEAST)
  const keyset = useKeyset()
  const list = api.useQuery(
    'get',
    '/api/groups/duplicates',
    { params: { query: { who, atLeast: Number(atLeast), cursor: keyset.cursor, limit: PAGE } } },
    { placeholderData: keepPreviousData },
  )
  const change = (to: Record<string, string | undefined>) => setParams(changed(params, to))
  return (
    <Panel edge>
      <div className={styles.filters}>
        <Segmented
          aria-label={t('groups.whoFilter')}
          value={who}
          options={WHO.map((value) => ({ value, label: t(`groups.who.${value}`) }))}
          onChange={(next) => change({ who: next === 'all' ? undefined : next })}
        />
        <Segmented
          aria-label={t('groups.atLeast')}
          value={atLeast}
          options={AT_LEAST.map((value) => ({ value, label: t('groups.atLeastN', { n: value }) }))}
          onChange={(next) => change({ least: next === '2' ? undefined : next })}
        />
      </div>
      <Loaded query={list} what={t('groups.tab.people')} skeleton={<SkeletonRows rows={8} />}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState icon="people" title={t('groups.noneInSeveral')} why={t('groups.noneInSeveralWhy')} />
          ) : (
            <>
              <People rows={page.items} />
              <KeysetFooter keyset={keyset} nextCursor={page.nextCursor} shown={page.items.length} pageSize={PAGE} />
            </>
          )
        }
      </Loaded>
    </Panel>
  )
}

function People({ rows }: { rows: InSeveral[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const groups = (row: InSeveral) => (
    <span className={styles.groups}>
      {row.groups.map((group) => (
        <Link key={group.groupChatId} to={`/groups/${group.groupChatId}`} onClick={(event) => event.stopPropagation()}>
          {group.name || t('groups.unnamed')}
        </Link>
      ))}
    </span>
  )
  const columns: Column<InSeveral>[] = [
    { key: 'who', title: t('groups.column.person'), width: '28%', cell: (row) => <Who person={row} /> },
    { key: 'number', title: t('groups.column.number'), align: 'right', width: 80, cell: (row) => row.groups.length },
    { key: 'groups', title: t('groups.column.which'), cell: groups },
    { key: 'staff', title: t('groups.column.staff'), width: '14%', cell: (row) => sayNames(row.followers) },
    { key: 'tags', title: t('groups.column.tags'), width: '18%', cell: (row) => <Tags tags={row.tags} /> },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={({ userid }) => userid}
      label={t('groups.tab.people')}
      minWidth={860}
      onOpen={({ contactId }) => contactId && void navigate(`/contacts/${contactId}`)}
      card={(row) => (
        <span className={styles.card}>
          <Who person={row} />
          <span className="small quiet">{row.groups.map(({ name }) => name || t('groups.unnamed')).join('、')}</span>
        </span>
      )}
    />
  )
}
