import { keepPreviousData } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayYuan } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import styles from './groups.module.css'
import { BY, type Valued } from './use-groups.ts'

const SHOWN = 20

/** Who of the group matters most: by what he bought, what he opened, when he last stirred. */
export function ValuePanel({ groupChatId }: { groupChatId: string }) {
  const { t } = useTranslation()
  const [by, setBy] = useState<(typeof BY)[number]>('spent')
  const found = api.useQuery(
    'get',
    '/api/groups/{groupChatId}/value',
    { params: { path: { groupChatId }, query: { by, limit: SHOWN } } },
    { placeholderData: keepPreviousData },
  )
  return (
    <Panel
      edge
      title={t('groups.value.title')}
      sub={t('groups.value.sub')}
      extra={
        <Segmented
          size="small"
          aria-label={t('groups.value.by')}
          value={by}
          options={BY.map((value) => ({ value, label: t(`groups.value.bys.${value}`) }))}
          onChange={setBy}
        />
      }
    >
      <Loaded query={found} what={t('groups.value.title')} skeleton={<SkeletonRows rows={6} />}>
        {({ items, counted }) =>
          items.length === 0 ? (
            <EmptyState small icon="people" title={t('groups.value.none')} why={t('groups.value.noneWhy')} />
          ) : (
            <div className={styles.scroll}>
              {!counted && <p className={styles.hint}>{t('groups.value.counting')}</p>}
              <Rows rows={items} />
            </div>
          )
        }
      </Loaded>
    </Panel>
  )
}

function Rows({ rows }: { rows: Valued[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const who = (row: Valued) => (
    <span className={styles.who}>
      <Avatar name={row.name} src={row.avatar} />
      <b>{row.name || '—'}</b>
      {row.stage && <small>{row.stage.name}</small>}
    </span>
  )
  const columns: Column<Valued>[] = [
    { key: 'who', title: t('groups.column.person'), cell: who },
    {
      key: 'spent',
      title: t('groups.value.spent'),
      align: 'right',
      width: 110,
      cell: ({ spentFen }) => (spentFen === 0 ? '—' : sayYuan(spentFen)),
    },
    { key: 'orders', title: t('groups.value.orders'), align: 'right', width: 64, cell: ({ orders }) => orders || '—' },
    { key: 'opens', title: t('groups.value.opens'), align: 'right', width: 64, cell: ({ opens }) => opens || '—' },
    {
      key: 'active',
      title: t('groups.value.active'),
      align: 'right',
      width: 104,
      cell: ({ activeOn }) =>
        activeOn ? (
          <span className="soft">
            <Ago at={`${activeOn}T12:00:00+08:00`} />
          </span>
        ) : (
          '—'
        ),
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={({ contactId }) => contactId}
      label={t('groups.value.title')}
      onOpen={({ contactId }) => void navigate(`/contacts/${contactId}`)}
      card={(row) => (
        <span className={styles.card}>
          {who(row)}
          <span className="small quiet">
            {t('groups.value.line', { spent: sayYuan(row.spentFen), orders: row.orders, opens: row.opens })}
          </span>
        </span>
      )}
    />
  )
}
