import { keepPreviousData } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { AccessDrawer } from './access-drawer.tsx'
import { DepartmentChip } from './department-chip.tsx'
import { sayRole } from './role-words.ts'
import { useCan, useSession } from './session.ts'
import styles from './staff.module.css'

type Row = Answer<'/api/staff'>['items'][number]
const PAGE = 50

export function StaffPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const keyset = useKeyset()
  const mayAct = useCan('health.act')
  const [params, setParams] = useSearchParams()
  const q = params.get('q')?.trim().slice(0, 64) ?? ''
  const departmentId = /^\d+$/.test(params.get('department') ?? '')
    ? (params.get('department') ?? undefined)
    : undefined
  const list = api.useQuery(
    'get',
    '/api/staff',
    { params: { query: { q: q || undefined, departmentId, cursor: keyset.cursor, limit: PAGE } } },
    { placeholderData: keepPreviousData },
  )
  const change = (to: { q?: string; department?: string | undefined }) => {
    const wanted = { q, department: departmentId, ...to }
    setParams(
      Object.fromEntries(Object.entries(wanted).filter((entry): entry is [string, string] => Boolean(entry[1]))),
      { replace: 'q' in to },
    )
  }
  return (
    <div className={styles.full}>
      <PageHeader crumbs={[{ label: t('nav.settings') }]} title={t('staff.title')} />
      <div className={styles.filters}>
        <SearchBox
          className={styles.search}
          value={q}
          placeholder={t('staff.search')}
          onCommit={(text) => change({ q: text })}
        />
        <DepartmentChip departmentId={departmentId} onChange={(department) => change({ department })} />
      </div>
      <div className={styles.list}>
        <Loaded query={list} what={t('staff.list')} skeleton={<SkeletonRows rows={14} />}>
          {({ items, nextCursor }) => {
            if (items.length > 0)
              return (
                <>
                  <People rows={items} />
                  <KeysetFooter keyset={keyset} nextCursor={nextCursor} shown={items.length} pageSize={PAGE} />
                </>
              )
            if (q || departmentId)
              return (
                <EmptyState
                  icon="filter"
                  title={t('staff.noneTitle')}
                  action={<Button onClick={() => setParams({})}>{t('contacts.clear')}</Button>}
                />
              )
            return (
              <EmptyState
                icon="people"
                title={t('staff.emptyTitle')}
                why={t('staff.emptyWhy')}
                action={
                  mayAct && (
                    <Button type="primary" onClick={() => void navigate('/settings/health')}>
                      {t('contacts.toHealth')}
                    </Button>
                  )
                }
              />
            )
          }}
        </Loaded>
      </div>
    </div>
  )
}

function People({ rows }: { rows: Row[] }) {
  const { t } = useTranslation()
  const { staffId: me } = useSession()
  const mayWrite = useCan('staff.write')
  const [open, setOpen] = useState<Row>()
  const role = (row: Row) => {
    const word = row.role ? sayRole(t, row.role, row.roleName) : t('staff.noRole')
    const said = <span className={row.role ? undefined : 'quiet'}>{word}</span>
    if (!mayWrite || row.leftAt !== null || row.staffId === me) return said
    return (
      <button
        type="button"
        className={styles.roleButton}
        aria-label={t('staff.roleOf', { name: row.name, role: word })}
        onClick={(event) => {
          event.stopPropagation()
          setOpen(row)
        }}
      >
        {said}
        {row.scopeKind && <small className="quiet">{t(`roles.scope.${row.scopeKind}`)}</small>}
        <Icon name="edit" size={12} />
      </button>
    )
  }
  const who = (row: Row) => (
    <span className={`${styles.who} ${row.leftAt ? styles.left : ''}`}>
      <Avatar name={row.name} src={row.avatar} square />
      {row.name}
      <small className="mono">{row.userid}</small>
    </span>
  )
  const departments = (row: Row) => row.departments.map(({ name }) => name).join('、') || t('staff.noDepartment')
  const status = (row: Row) => {
    if (row.leftAt || row.status === 5) return <span className="quiet">{t('staff.status.left')}</span>
    if (row.status === 2) return <span className="warn">{t('staff.status.disabled')}</span>
    if (row.status === 4) return <span className="quiet">{t('staff.status.inactive')}</span>
    return row.follows ? t('staff.follows') : <span className="quiet">{t('staff.notFollows')}</span>
  }
  const customers = (row: Row) =>
    row.customers > 0 ? (
      <Link to={`/contacts?staff=${row.staffId}`} title={t('staff.seeCustomers')}>
        {t('home.people', { n: row.customers })}
      </Link>
    ) : (
      <span className="quiet">0</span>
    )
  const columns: Column<Row>[] = [
    { key: 'who', title: t('staff.column.name'), width: '26%', cell: who },
    { key: 'department', title: t('staff.column.department'), cell: departments },
    {
      key: 'position',
      title: t('staff.column.position'),
      width: '16%',
      cell: ({ position }) => position || <span className="quiet">—</span>,
    },
    { key: 'status', title: t('staff.column.status'), width: 128, cell: status },
    { key: 'role', title: t('staff.column.role'), width: 168, cell: role },
    { key: 'customers', title: t('staff.column.customers'), width: 112, align: 'right', cell: customers },
  ]
  return (
    <>
      <ListTable
        rows={rows}
        columns={columns}
        rowKey={({ staffId }) => staffId}
        label={t('staff.list')}
        minWidth={760}
        card={(row) => (
          <span className={styles.card}>
            <span>
              {who(row)}
              {customers(row)}
            </span>
            <span className="small quiet">
              <span>{departments(row)}</span>
              <span>{status(row)}</span>
              <span>{role(row)}</span>
            </span>
          </span>
        )}
      />
      {open && <AccessDrawer row={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}
