import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { ChoiceList } from '../../ui/choice-list.tsx'
import { FilterChip } from '../../ui/filter-chip.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { EmptyState, SkeletonBlock, SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { GroupName, Score, Turns } from './group-words.tsx'
import styles from './groups.module.css'
import { PeopleInSeveral } from './people-in-several.tsx'
import { TrendChart } from './trend-chart.tsx'
import {
  type Asked,
  changed,
  type Group,
  LEVELS,
  PAGE,
  readAsked,
  SORTS,
  STATES,
  useGroups,
  wordOf,
} from './use-groups.ts'

const STAFF_MAX = 200
const TABS = ['groups', 'people'] as const

/** Every group: whose, how big, who came and went, how alive; and whoever sits in several. */
export function GroupsPage() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const tab = wordOf(params, 'tab', TABS)
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.community') }]} title={t('groups.title')} meta={t('groups.sub')}>
        <Segmented
          aria-label={t('groups.title')}
          value={tab}
          options={TABS.map((value) => ({ value, label: t(`groups.tab.${value}`) }))}
          onChange={(next) => setParams(next === 'groups' ? {} : { tab: next })}
        />
      </PageHeader>
      <div className={styles.page}>
        {tab === 'groups' ? (
          <>
            <Overview />
            <GroupList />
          </>
        ) : (
          <PeopleInSeveral />
        )}
      </div>
    </>
  )
}

function Overview() {
  const { t, i18n } = useTranslation()
  const overview = api.useQuery('get', '/api/groups/overview', { params: { query: { days: 30 } } })
  const count = (n: number) => sayCount(n, languageOf(i18n))
  return (
    <Loaded query={overview} what={t('groups.title')} skeleton={<SkeletonBlock height={220} />}>
      {(data) => (
        <div className={styles.over}>
          <Panel title={t('groups.nowTitle')}>
            <dl className={styles.figures}>
              {(
                [
                  ['groups', data.groups, t('groups.figures.levels', data)],
                  ['people', data.people, t('groups.figures.peopleWhat')],
                  [
                    'customers',
                    data.customers,
                    t('groups.figures.customersWhat', { n: count(data.people - data.customers) }),
                  ],
                  ['inSeveral', data.inSeveral, t('groups.figures.inSeveralWhat')],
                ] as const
              ).map(([word, n, what]) => (
                <div key={word}>
                  <dt>{t(`groups.figures.${word}`)}</dt>
                  <dd className={styles.n}>{count(n)}</dd>
                  <dd className="small quiet">{what}</dd>
                </div>
              ))}
            </dl>
          </Panel>
          <TrendChart title={t('groups.trendAll')} days={data.days} height={148} />
        </div>
      )}
    </Loaded>
  )
}

function GroupList() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const asked = readAsked(params)
  const keyset = useKeyset()
  const list = useGroups(asked, keyset.cursor)
  const isFiltered = asked.q !== '' || asked.ownerIds.length > 0 || asked.state !== 'open' || asked.level !== undefined
  return (
    <Panel edge>
      <GroupFilters asked={asked} onChange={(to) => setParams(changed(params, to))} />
      <Loaded query={list} what={t('groups.title')} skeleton={<SkeletonRows rows={8} avatar={false} />}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState
              icon="people"
              title={t(isFiltered ? 'groups.noneFiltered' : 'groups.none')}
              why={isFiltered ? undefined : t('groups.noneWhy')}
              action={isFiltered && <Button onClick={() => setParams({})}>{t('contacts.clear')}</Button>}
            />
          ) : (
            <>
              <GroupRows rows={page.items} />
              <KeysetFooter keyset={keyset} nextCursor={page.nextCursor} shown={page.items.length} pageSize={PAGE} />
            </>
          )
        }
      </Loaded>
    </Panel>
  )
}

function GroupFilters({
  asked,
  onChange,
}: {
  asked: Asked
  onChange: (to: Record<string, string | undefined>) => void
}) {
  const { t } = useTranslation()
  const staff = api.useQuery('get', '/api/staff', { params: { query: { limit: STAFF_MAX } } })
  const people = staff.data?.items.map(({ staffId, name }) => ({ value: staffId, label: name })) ?? []
  const nameOf = (id: string) => people.find(({ value }) => value === id)?.label ?? '…'
  const one = <W extends string>(
    name: 'level' | 'state',
    label: string,
    words: readonly { value: W; label: string }[],
    value: W | undefined,
  ) => (
    <FilterChip
      label={label}
      value={value && words.find((word) => word.value === value)?.label}
      onClear={() => onChange({ [name]: undefined })}
    >
      {(close) => (
        <ChoiceList
          label={label}
          choices={[...words]}
          chosen={value ? [value] : []}
          onChoose={(word) => {
            onChange({ [name]: word })
            close()
          }}
        />
      )}
    </FilterChip>
  )
  const toggled = (id: string) =>
    (asked.ownerIds.includes(id) ? asked.ownerIds.filter((held) => held !== id) : [...asked.ownerIds, id]).join(',')
  return (
    <div className={styles.filters}>
      <SearchBox
        className={styles.search}
        value={asked.q}
        placeholder={t('groups.search')}
        onCommit={(q) => onChange({ q })}
      />
      <FilterChip
        label={t('groups.owner')}
        value={asked.ownerIds.length > 0 ? asked.ownerIds.map(nameOf).join('、') : undefined}
        onClear={() => onChange({ owner: undefined })}
      >
        {() => (
          <ChoiceList
            label={t('groups.owner')}
            choices={people}
            chosen={asked.ownerIds}
            onChoose={(id) => onChange({ owner: toggled(id) })}
          />
        )}
      </FilterChip>
      {one(
        'level',
        t('groups.alive'),
        LEVELS.map((value) => ({ value, label: t(`groups.level.${value}`) })),
        asked.level,
      )}
      {one(
        'state',
        t('groups.state'),
        STATES.filter((value) => value !== 'open').map((value) => ({ value, label: t(`groups.states.${value}`) })),
        asked.state === 'open' ? undefined : asked.state,
      )}
      <span className="spring" />
      <Segmented
        size="small"
        aria-label={t('groups.sort')}
        value={asked.sort}
        options={SORTS.map((value) => ({ value, label: t(`groups.sorts.${value}`) }))}
        onChange={(sort) => onChange({ sort: sort === 'newest' ? undefined : sort })}
      />
    </div>
  )
}

function GroupRows({ rows }: { rows: Group[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const name = (row: Group) => (
    <span className={styles.name}>
      <GroupName name={row.name} />
      {row.goneAt && <span className={styles.gone}>{t('groups.gone')}</span>}
    </span>
  )
  const owner = (row: Group) =>
    row.owner.left ? <span className="bad">{t('groups.ownerLeft', { name: row.owner.name })}</span> : row.owner.name
  const members = (row: Group) => (
    <span title={t('groups.ofThem', { customers: row.customers, strangers: row.outsiders - row.customers })}>
      {row.members} <small className="quiet">{t('groups.customersIn', { n: row.customers })}</small>
    </span>
  )
  const columns: Column<Group>[] = [
    { key: 'name', title: t('groups.column.name'), width: '26%', cell: name },
    { key: 'owner', title: t('groups.owner'), width: '14%', cell: owner },
    { key: 'members', title: t('groups.column.members'), align: 'right', width: 150, cell: members },
    {
      key: 'week',
      title: t('groups.column.week'),
      align: 'right',
      width: 104,
      cell: (row) => <Turns joined={row.joined7} left={row.left7} />,
    },
    {
      key: 'month',
      title: t('groups.column.month'),
      align: 'right',
      width: 104,
      cell: (row) => <Turns joined={row.joined30} left={row.left30} />,
    },
    { key: 'score', title: t('groups.alive'), width: 176, cell: (row) => <Score group={row} /> },
    {
      key: 'created',
      title: t('groups.column.created'),
      align: 'right',
      cell: (row) => (
        <span className="soft">
          <Ago at={row.createdAt} />
        </span>
      ),
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={({ groupChatId }) => groupChatId}
      label={t('groups.list')}
      minWidth={900}
      onOpen={({ groupChatId }) => void navigate(`/groups/${groupChatId}`)}
      card={(row) => (
        <span className={styles.card}>
          {name(row)}
          <span className={styles.cardMeta}>
            <span>
              {row.owner.name} · {members(row)}
            </span>
            <Turns joined={row.joined7} left={row.left7} />
          </span>
          <Score group={row} />
        </span>
      )}
    />
  )
}
