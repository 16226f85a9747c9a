import { keepPreviousData } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { TagRow } from '../../ui/tag-chip.tsx'
import { useCan } from '../staff/session.ts'
import styles from './channels.module.css'
import type { CodeRow } from './use-channels.ts'

const PAGE = 50
const VIEWS = ['active', 'archived'] as const
type View = (typeof VIEWS)[number]
/** While a code of the page is being made. */
const MAKING_EVERY_MS = 3_000

export function ChannelsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams()
  const keyset = useKeyset()
  const mayWrite = useCan('channels.write')
  const view: View = params.get('state') === 'archived' ? 'archived' : 'active'
  const search = params.get('q')?.trim().slice(0, 30) ?? ''
  const list = api.useQuery(
    'get',
    '/api/channel-codes',
    {
      params: {
        query: {
          archived: view === 'archived' ? '1' : '0',
          search: search || undefined,
          before: keyset.cursor,
          limit: PAGE,
        },
      },
    },
    {
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) =>
        state.data?.items.some(({ status, updating }) => status === 'creating' || updating) ? MAKING_EVERY_MS : false,
    },
  )
  const linkOf = (to: { view?: View; q?: string }) => {
    const next = new URLSearchParams()
    if ((to.view ?? view) === 'archived') next.set('state', 'archived')
    if (to.q ?? search) next.set('q', to.q ?? search)
    return next
  }
  const create = mayWrite && (
    <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => void navigate('/channels/new')}>
      {list.data?.items.length === 0 && !search && view === 'active' ? t('channels.first') : t('channels.create')}
    </Button>
  )
  return (
    <div className={styles.full}>
      <PageHeader title={t('channels.title')} meta={t('channels.last7')}>
        <Button onClick={() => void navigate('/channels/welcome')}>{t('channels.defaultWelcome')}</Button>
        {mayWrite && (
          <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => void navigate('/channels/new')}>
            {t('channels.create')}
          </Button>
        )}
      </PageHeader>
      <nav className={styles.tabs} aria-label={t('channels.title')}>
        {VIEWS.map((name) => (
          <Link
            key={name}
            className={styles.tab}
            to={{ search: linkOf({ view: name }).toString() }}
            aria-current={name === view ? 'page' : undefined}
          >
            {t(`channels.view.${name}`)}
          </Link>
        ))}
        <span className={styles.find}>
          <SearchBox
            value={search}
            placeholder={t('channels.search')}
            maxLength={30}
            onCommit={(q) => setParams(linkOf({ q }), { replace: true })}
          />
        </span>
      </nav>
      <div className={styles.list}>
        <Loaded query={list} what={t('channels.list')} skeleton={<SkeletonRows rows={12} avatar={false} />}>
          {({ items, nextCursor }) => {
            if (items.length > 0)
              return (
                <>
                  <Codes rows={items} onOpen={(id) => void navigate(`/channels/${id}`)} />
                  <KeysetFooter keyset={keyset} nextCursor={nextCursor} shown={items.length} pageSize={PAGE} />
                </>
              )
            if (search)
              return (
                <EmptyState
                  icon="filter"
                  title={t('channels.noneTitle', { q: search })}
                  action={<Button onClick={() => setParams(linkOf({ q: '' }))}>{t('channels.clear')}</Button>}
                />
              )
            if (view === 'archived')
              return (
                <EmptyState icon="archive" title={t('channels.archivedNone')} why={t('channels.archivedNoneWhy')} />
              )
            return (
              <EmptyState icon="qr" title={t('channels.emptyTitle')} why={t('channels.emptyWhy')} action={create} />
            )
          }}
        </Loaded>
      </div>
    </div>
  )
}

function Codes({ rows, onOpen }: { rows: CodeRow[]; onOpen: (id: string) => void }) {
  const { t } = useTranslation()
  const columns: Column<CodeRow>[] = [
    {
      key: 'name',
      title: t('channels.column.name'),
      width: '24%',
      cell: (row) => (
        <span className={styles.name}>
          <b>{row.name}</b>
          <CodeStatus code={row} quiet />
        </span>
      ),
    },
    { key: 'staff', title: t('channels.column.staff'), width: '15%', cell: (row) => <Faces staff={row.staff} /> },
    {
      key: 'tags',
      title: t('channels.column.tags'),
      width: '18%',
      cell: (row) => <TagRow tags={row.tags.map((tag) => ({ ...tag, source: 'rule' }))} />,
    },
    {
      key: 'scans',
      title: t('channels.column.scans'),
      align: 'right',
      width: 72,
      cell: ({ last7Days: { scans } }) =>
        scans === 0 ? (
          <span className="quiet" title={t('channels.noScan')}>
            —
          </span>
        ) : (
          scans
        ),
    },
    {
      key: 'adds',
      title: t('channels.column.adds'),
      align: 'right',
      width: 72,
      cell: ({ last7Days }) => <b>{last7Days.adds}</b>,
    },
    {
      key: 'losses',
      title: t('channels.column.losses'),
      align: 'right',
      width: 72,
      cell: ({ last7Days }) => last7Days.losses,
    },
    {
      key: 'net',
      title: t('channels.column.net'),
      align: 'right',
      width: 72,
      cell: ({ last7Days: { net } }) => (net < 0 ? `−${-net}` : net),
    },
    {
      key: 'trend',
      title: t('channels.column.trend'),
      width: 128,
      cell: (row) => (
        <Sparkline values={row.sparkline} label={t('channels.trendSays', { values: row.sparkline.join('、') })} />
      ),
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={({ channelCodeId }) => channelCodeId}
      label={t('channels.list')}
      onOpen={({ channelCodeId }) => onOpen(channelCodeId)}
      minWidth={860}
      card={(row) => (
        <>
          <span className={styles.cardTop}>
            <span className={styles.name}>
              <b>{row.name}</b>
              <CodeStatus code={row} quiet />
            </span>
            <Sparkline
              values={row.sparkline}
              width={80}
              label={t('channels.trendSays', { values: row.sparkline.join('、') })}
            />
          </span>
          <span className={styles.cardFigures}>
            <span>
              {t('channels.column.adds')} <b>{row.last7Days.adds}</b>
            </span>
            <span>
              {t('channels.column.losses')} {row.last7Days.losses}
            </span>
            <span className="spring" />
            <span className="clip">{row.staff.map(({ name }) => name).join('、')}</span>
          </span>
        </>
      )}
    />
  )
}

/** Quiet: a code that works says nothing; only what is not so is told. */
export function CodeStatus({
  code,
  quiet = false,
}: {
  code: Pick<CodeRow, 'status' | 'updating' | 'failureId'>
  quiet?: boolean
}) {
  const { t } = useTranslation()
  if (quiet && code.status === 'ready' && !code.updating) return null
  if (code.status === 'ready' && code.updating)
    return <span className={`${styles.status} ${styles.creating}`}>{t('channels.updating')}</span>
  return <span className={`${styles.status} ${styles[code.status] ?? ''}`}>{t(`channels.status.${code.status}`)}</span>
}

const FACES = 3
function Faces({ staff }: { staff: CodeRow['staff'] }) {
  const first = staff[0]
  if (!first) return <span className="quiet">—</span>
  if (staff.length === 1)
    return (
      <span className={styles.name}>
        <Avatar name={first.name} src={first.avatar} size={22} />
        {first.name}
      </span>
    )
  return (
    <span className={styles.faces} title={staff.map(({ name }) => name).join('、')}>
      {staff.slice(0, FACES).map(({ staffId, name, avatar }) => (
        <Avatar key={staffId} name={name} src={avatar} size={22} />
      ))}
      <em className="soft">
        {first.name}
        {staff.length > 1 && ` +${staff.length - 1}`}
      </em>
    </span>
  )
}
