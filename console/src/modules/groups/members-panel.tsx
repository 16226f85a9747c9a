import { keepPreviousData } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { sayNames, Tags, Who } from './group-words.tsx'
import styles from './groups.module.css'
import { changed, type GroupView, type Member, PAGE, WHO, wordOf } from './use-groups.ts'

const HERE = ['in', 'gone'] as const

/** Who sits in the group and who has left it. */
export function MembersPanel({ group: { groupChatId, goneAt } }: { group: GroupView }) {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const who = wordOf(params, 'who', WHO)
  const here = params.has('here') || goneAt === null ? wordOf(params, 'here', HERE) : 'gone'
  const q = params.get('q')?.trim().slice(0, 64) ?? ''
  const keyset = useKeyset()
  const list = api.useQuery(
    'get',
    '/api/groups/{groupChatId}/members',
    {
      params: {
        path: { groupChatId },
        query: {
          who,
          gone: here === 'gone' ? 'true' : undefined,
          q: q || undefined,
          cursor: keyset.cursor,
          limit: PAGE,
        },
      },
    },
    { placeholderData: keepPreviousData },
  )
  const change = (to: Record<string, string | undefined>) => setParams(changed(params, to))
  return (
    <Panel edge title={t('groups.members')}>
      <div className={styles.filters}>
        <SearchBox
          className={styles.search}
          value={q}
          placeholder={t('groups.searchMember')}
          onCommit={(next) => change({ q: next })}
        />
        <Segmented
          aria-label={t('groups.hereFilter')}
          value={here}
          options={HERE.map((value) => ({ value, label: t(`groups.here.${value}`) }))}
          onChange={(next) => change({ here: next === 'in' && goneAt === null ? undefined : next })}
        />
        <Segmented
          aria-label={t('groups.whoFilter')}
          value={who}
          options={WHO.map((value) => ({ value, label: t(`groups.who.${value}`) }))}
          onChange={(next) => change({ who: next === 'all' ? undefined : next })}
        />
      </div>
      <Loaded query={list} what={t('groups.members')} skeleton={<SkeletonRows rows={8} />}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState small icon="people" title={t(here === 'gone' ? 'groups.nobodyLeft' : 'groups.nobody')} />
          ) : (
            <>
              <Members rows={page.items} isGone={here === 'gone'} />
              <KeysetFooter keyset={keyset} nextCursor={page.nextCursor} shown={page.items.length} pageSize={PAGE} />
            </>
          )
        }
      </Loaded>
    </Panel>
  )
}

function Members({ rows, isGone }: { rows: Member[]; isGone: boolean }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const came = (row: Member) =>
    row.invitor && row.scene !== 'code' ? t('groups.invitedBy', { name: row.invitor }) : t(`groups.scene.${row.scene}`)
  const columns: Column<Member>[] = [
    { key: 'who', title: t('groups.column.person'), width: '26%', cell: (row) => <Who person={row} /> },
    { key: 'staff', title: t('groups.column.staff'), width: '14%', cell: (row) => sayNames(row.followers) },
    { key: 'tags', title: t('groups.column.tags'), width: '20%', cell: (row) => <Tags tags={row.tags} /> },
    { key: 'came', title: t('groups.column.came'), width: '14%', cell: came },
    {
      key: 'others',
      title: t('groups.column.others'),
      align: 'right',
      width: 96,
      cell: ({ others }) => (others > 0 ? t('groups.groupsN', { n: others }) : '—'),
    },
    {
      key: 'at',
      title: t(isGone ? 'groups.column.left' : 'groups.column.joined'),
      align: 'right',
      cell: (row) => (
        <span className="soft">
          {row.leftAt && row.leftBy && row.leftBy !== 'unknown' ? `${t(`groups.leftBy.${row.leftBy}`)} · ` : ''}
          <Ago at={row.leftAt ?? row.joinedAt} />
        </span>
      ),
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={({ stayId }) => stayId}
      label={t('groups.members')}
      minWidth={900}
      onOpen={({ contactId }) => contactId && void navigate(`/contacts/${contactId}`)}
      card={(row) => (
        <span className={styles.card}>
          <Who person={row} />
          <span className={styles.cardMeta}>
            <span>
              {came(row)} · {sayNames(row.followers)}
            </span>
            <Ago at={row.leftAt ?? row.joinedAt} />
          </span>
        </span>
      )}
    />
  )
}
