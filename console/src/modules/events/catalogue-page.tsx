import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { Icon } from '../../ui/icon.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { useCan } from '../staff/session.ts'
import styles from './catalogue.module.css'
import { KindDialog } from './kind-dialog.tsx'
import { KindDrawer } from './kind-drawer.tsx'
import { sayKind, sayProperty } from './say-kind.ts'

export type Kind = Answer<'/api/events/catalogue'>[number]
const OPEN = 'kind'
/** What can be told and declared comes first; what the system writes down by itself after it. */
const byUse = (a: Kind, b: Kind) =>
  Number(b.own) - Number(a.own) || Number(b.collected) - Number(a.collected) || b.recent.count - a.recent.count

/** Every kind of event, what it carries, and how it was used of late. */
export function CataloguePage() {
  const { t } = useTranslation()
  const mayWrite = useCan('openapi.manage')
  const [params, setParams] = useSearchParams()
  const [editing, setEditing] = useState<Kind | 'new'>()
  const kinds = api.useQuery('get', '/api/events/catalogue', {})
  const openKey = params.get(OPEN) ?? undefined
  const open = kinds.data?.find(({ kind }) => kind === openKey)
  const show = (kind?: string) => setParams(kind ? { [OPEN]: kind } : {})
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('nav.settings') }]}
        title={t('catalogue.title')}
        meta={kinds.data && t('catalogue.meta', { n: kinds.data.length })}
      >
        {mayWrite && (
          <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => setEditing('new')}>
            {t('catalogue.create')}
          </Button>
        )}
      </PageHeader>
      <p className={`${styles.why} soft`}>{t('catalogue.why')}</p>
      <div className={styles.list}>
        <Loaded query={kinds} what={t('catalogue.title')} skeleton={<SkeletonRows rows={12} avatar={false} />}>
          {(rows) => <Rows rows={rows.toSorted(byUse)} openKey={openKey} onOpen={({ kind }) => show(kind)} />}
        </Loaded>
      </div>
      {open && (
        <KindDrawer kind={open} mayWrite={mayWrite} onEdit={() => setEditing(open)} onClose={() => show(undefined)} />
      )}
      {editing && <KindDialog kind={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </>
  )
}

interface RowsProps {
  rows: Kind[]
  openKey: string | undefined
  onOpen: (kind: Kind) => void
}

function Rows({ rows, openKey, onOpen }: RowsProps) {
  const { t, i18n } = useTranslation()
  const name = (row: Kind) => (
    <span className={styles.name}>
      <b className={row.archived ? 'quiet' : undefined}>{sayKind(t, i18n, row)}</b>
      <small className="mono quiet">{row.kind}</small>
    </span>
  )
  const from = (row: Kind) =>
    row.archived
      ? t('catalogue.archived')
      : t(row.own ? 'catalogue.own' : row.collected ? 'catalogue.collected' : 'catalogue.told')
  const count = ({ recent }: Kind) => {
    const n = sayCount(recent.count, languageOf(i18n))
    return recent.isFloor ? t('catalogue.floor', { n }) : n
  }
  const properties = (row: Kind) =>
    row.properties.length > 0 ? (
      row.properties.map((property) => sayProperty(i18n, row, property)).join(t('catalogue.comma'))
    ) : (
      <span className="quiet">{t('catalogue.noProperties')}</span>
    )
  const last = (row: Kind) =>
    row.last ? <Ago at={row.last.at} /> : <span className="quiet">{t('catalogue.never')}</span>
  const columns: Column<Kind>[] = [
    { key: 'kind', title: t('catalogue.column.kind'), width: '28%', cell: name },
    { key: 'properties', title: t('catalogue.column.properties'), cell: properties },
    { key: 'from', title: t('catalogue.column.from'), width: 130, cell: from },
    { key: 'count', title: t('catalogue.column.count'), width: 100, align: 'right', cell: count },
    { key: 'last', title: t('catalogue.column.last'), width: 130, align: 'right', cell: last },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={(row) => row.kind}
      label={t('catalogue.title')}
      onOpen={onOpen}
      openKey={openKey}
      minWidth={820}
      card={(row) => (
        <span className={styles.card}>
          {name(row)}
          <span className="small quiet">
            {from(row)} · {t('catalogue.column.count')} {count(row)}
          </span>
        </span>
      )}
    />
  )
}
