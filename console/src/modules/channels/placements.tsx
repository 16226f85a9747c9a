import { App, Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayYuan } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { Sparkline } from '../../ui/sparkline.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { useCan } from '../staff/session.ts'
import styles from './channels.module.css'
import { PrintButton } from './downloads.tsx'
import { PlacementDrawer } from './placement-drawer.tsx'
import type { Code, Placement } from './use-channels.ts'

const PRINT_PX = 1024

/** Where a code hangs, what each place costs and what it brings. */
export function Placements({ code }: { code: Code }) {
  const { t } = useTranslation()
  const mayWrite = useCan('channels.write')
  const [open, setOpen] = useState<Placement | 'new'>()
  const list = api.useQuery(
    'get',
    '/api/channel-codes/{channelCodeId}/placements',
    { params: { path: { channelCodeId: code.channelCodeId } } },
    { refetchInterval: ({ state }) => (state.data?.items.some((item) => !item.ready) ? 2_000 : false) },
  )
  const data = list.data
  const add = mayWrite && (
    <Button type="link" size="small" icon={<Icon name="plus" size={13} />} onClick={() => setOpen('new')}>
      {t('channels.place.add')}
    </Button>
  )
  return (
    <Panel
      edge
      title={t('channels.place.title')}
      sub={
        data &&
        data.items.length > 0 &&
        `${t('channels.place.sum', { count: data.items.length })}${data.cpaFen === null ? '' : `，${t('channels.place.average', { yuan: sayYuan(data.cpaFen) })}`}`
      }
      extra={
        data &&
        data.items.length > 0 && (
          <>
            <PrintButton of={{ placementsOf: code.channelCodeId }} type="link" size="small" />
            {add}
          </>
        )
      }
    >
      <Loaded query={list} what={t('channels.place.title')} skeleton={<SkeletonRows rows={3} avatar={false} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              small
              icon="qr"
              title={t('channels.place.none')}
              why={t('channels.place.noneWhy')}
              action={
                mayWrite && (
                  <Button size="small" onClick={() => setOpen('new')}>
                    {t('channels.place.add')}
                  </Button>
                )
              }
            />
          ) : (
            <PlacementTable items={items} mayWrite={mayWrite} onEdit={setOpen} />
          )
        }
      </Loaded>
      {open && (
        <PlacementDrawer code={code} placement={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />
      )}
    </Panel>
  )
}

function PlacementTable({
  items,
  mayWrite,
  onEdit,
}: {
  items: Placement[]
  mayWrite: boolean
  onEdit: (placement: Placement) => void
}) {
  const { t } = useTranslation()
  const known = items.flatMap(({ cpaFen }) => (cpaFen === null ? [] : [cpaFen])).sort((a, b) => a - b)
  const middle = known[Math.floor(known.length / 2)] ?? 0
  return (
    <div style={{ overflowX: 'auto' }}>
      <table className={`${styles.staffTable} ${styles.placeTable}`} aria-label={t('channels.place.title')}>
        <thead>
          <tr>
            <th scope="col">{t('channels.place.name')}</th>
            <th scope="col">{t('channels.place.cost')}</th>
            <th scope="col">{t('channels.totals.scans')}</th>
            <th scope="col">{t('channels.totals.adds')}</th>
            <th scope="col">{t('channels.place.cpa')}</th>
            <th scope="col">{t('channels.column.trend')}</th>
            <th scope="col" aria-label={t('channels.place.actions')} />
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.channelCodeId} className={item.archived ? 'quiet' : undefined}>
              <td>
                {item.name}{' '}
                <span className="small quiet">
                  {t(`channels.place.kind.${item.kind}`)}
                  {item.startsOn &&
                    ` · ${item.startsOn}${item.endsOn ? `–${item.endsOn}` : ` ${t('channels.place.on')}`}`}
                  {item.archived && ` · ${t('channels.place.down')}`}
                </span>
              </td>
              <td>
                {item.costFen === 0 ? <span className="quiet">{t('channels.place.free')}</span> : sayYuan(item.costFen)}
              </td>
              <td>{item.scans === 0 ? '—' : item.scans}</td>
              <td>{item.adds}</td>
              <td>
                {item.cpaFen === null || item.costFen === 0 ? (
                  <span className="quiet">—</span>
                ) : (
                  <b className={known.length > 2 && item.cpaFen > middle * 3 ? 'warn' : undefined}>
                    {sayYuan(item.cpaFen)}
                  </b>
                )}
              </td>
              <td>
                <Sparkline
                  values={item.sparkline}
                  label={t('channels.trendSays', { values: item.sparkline.join('、') })}
                />
              </td>
              <td>
                <Actions item={item} mayWrite={mayWrite} onEdit={() => onEdit(item)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Actions({ item, mayWrite, onEdit }: { item: Placement; mayWrite: boolean; onEdit: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const onSuccess = () =>
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/channel-codes/{channelCodeId}/placements'] })
  const archive = api.useMutation('post', '/api/channel-codes/{channelCodeId}/archive', { onSuccess, onError })
  const restore = api.useMutation('post', '/api/channel-codes/{channelCodeId}/restore', { onSuccess, onError })
  const given = { params: { path: { channelCodeId: item.channelCodeId } } }
  const picture = (landing: 0 | 1) => {
    if (!landing && !item.ready) return void message.info(t('channels.qr.notReady'))
    const link = document.createElement('a')
    link.href = `/api/channel-codes/${item.channelCodeId}/qr.png?size=${PRINT_PX}&landing=${landing}`
    link.download = `${item.name}.png`
    link.click()
  }
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'direct', label: t('channels.place.direct'), onClick: () => picture(0) },
          { key: 'landing', label: t('channels.place.landing'), onClick: () => picture(1) },
          ...(mayWrite
            ? [
                { type: 'divider' as const },
                { key: 'edit', label: t('channels.place.edit'), onClick: onEdit },
                item.archived
                  ? { key: 'restore', label: t('channels.restore'), onClick: () => restore.mutate(given) }
                  : { key: 'archive', label: t('channels.place.takeDown'), onClick: () => archive.mutate(given) },
              ]
            : []),
        ],
      }}
    >
      <Button size="small" type="text" aria-label={`${t('channels.place.actions')} ${item.name}`}>
        <Icon name="more" size={14} />
      </Button>
    </Dropdown>
  )
}
