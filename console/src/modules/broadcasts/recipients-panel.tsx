import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, fetchClient } from '../../api/client.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayYuan } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { useDownload } from '../../ui/use-download.ts'
import { useCan } from '../staff/session.ts'
import styles from './broadcasts.module.css'
import { type Fate, letterOf, type Recipient, type Run } from './use-broadcasts.ts'

/** Everybody of a run, by what became of him. */
export function RecipientsPanel({ run }: { run: Run }) {
  const { t } = useTranslation()
  const [fate, setFate] = useState<Fate | undefined>()
  const [q, setQ] = useState('')
  const [trail, setTrail] = useState<string[]>([])
  const path = { runId: run.runId }
  const query = api.useQuery('get', '/api/broadcast-runs/{runId}/recipients', {
    params: { path, query: { fate, q: q || undefined, after: trail.at(-1) } },
  })
  const mayExport = useCan('contacts.export')
  const { busy, download } = useDownload()
  const fates = (Object.entries(run.counts) as [Fate, number][]).filter(([, n]) => n > 0)
  const columns: Column<Recipient>[] = [
    {
      key: 'name',
      title: t('nav.contacts'),
      cell: ({ contactId, name, avatar }) => (
        <Link to={`/contacts/${contactId}`} className={styles.act}>
          <Avatar name={name} src={avatar} />
          {name || '—'}
        </Link>
      ),
    },
    { key: 'fate', title: t('broadcasts.outcome'), width: 150, cell: (row) => t(`touches.fate.${row.fate}`) },
    {
      key: 'staff',
      title: t('broadcasts.member'),
      width: 110,
      cell: ({ staffName, variant }) => (
        <>
          {staffName ?? <span className="quiet">—</span>}
          {run.variants.length > 1 && variant !== null && <small className="quiet"> {letterOf(variant)}</small>}
        </>
      ),
    },
    {
      key: 'orders',
      title: t('broadcasts.bought'),
      width: 110,
      align: 'right',
      cell: ({ orders, amountFen }) => (orders > 0 ? sayYuan(amountFen) : <span className="quiet">—</span>),
    },
  ]
  return (
    <Panel
      edge
      title={t('broadcasts.recipients')}
      extra={
        <div className={styles.act}>
          <SearchBox
            className={styles.search}
            value={q}
            placeholder={t('broadcasts.findPerson')}
            onCommit={(next) => {
              setTrail([])
              setQ(next)
            }}
          />
          <Select
            allowClear
            style={{ width: 150 }}
            aria-label={t('broadcasts.outcome')}
            placeholder={t('broadcasts.anyOutcome')}
            value={fate}
            options={fates.map(([value, n]) => ({ value, label: `${t(`touches.fate.${value}`)} ${n}` }))}
            onChange={(next) => {
              setTrail([])
              setFate(next)
            }}
          />
          {mayExport && (
            <Button
              icon={<Icon name="download" size={14} />}
              loading={busy}
              aria-label={t('broadcasts.export')}
              title={t('broadcasts.export')}
              onClick={() =>
                void download(
                  () =>
                    fetchClient.GET('/api/broadcast-runs/{runId}/recipients.xlsx', {
                      params: { path, query: { fate, q: q || undefined } },
                      parseAs: 'blob',
                    }),
                  'broadcast.xlsx',
                )
              }
            />
          )}
        </div>
      }
    >
      <Loaded query={query} what={t('broadcasts.recipients')} skeleton={<SkeletonRows rows={5} />}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <EmptyState small icon="people" title={t('broadcasts.nobodyHere')} />
          ) : (
            <>
              <ListTable
                rows={items}
                columns={columns}
                rowKey={({ contactId }) => contactId}
                label={t('broadcasts.recipients')}
                minWidth={520}
                card={(row) => (
                  <span className={styles.cardHead}>
                    <b>{row.name || '—'}</b>
                    <span className="soft">{t(`touches.fate.${row.fate}`)}</span>
                  </span>
                )}
              />
              <div className={styles.act} style={{ padding: '8px 14px', justifyContent: 'flex-end' }}>
                <Button
                  size="small"
                  icon={<Icon name="left" size={14} />}
                  aria-label={t('list.previous')}
                  disabled={trail.length === 0}
                  onClick={() => setTrail(trail.slice(0, -1))}
                />
                <Button
                  size="small"
                  icon={<Icon name="right" size={14} />}
                  aria-label={t('list.next')}
                  disabled={!nextCursor}
                  onClick={() => nextCursor && setTrail([...trail, nextCursor])}
                />
              </div>
            </>
          )
        }
      </Loaded>
    </Panel>
  )
}
