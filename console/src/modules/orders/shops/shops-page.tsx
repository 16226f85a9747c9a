import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client.ts'
import { Icon } from '../../../ui/icon.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, SkeletonRows } from '../../../ui/states.tsx'
import { ShopCard } from './shop-card.tsx'
import { ShopDialog } from './shop-dialog.tsx'
import styles from './shops.module.css'
import type { Shop } from './use-shops.ts'

const EVERY_MS = 5_000

/** Shops that push their orders: where to, when last, what could not be read. */
export function ShopsPage() {
  const { t } = useTranslation()
  const [editing, setEditing] = useState<Shop | 'new'>()
  const shops = api.useQuery('get', '/api/shop-connections', {}, { refetchInterval: EVERY_MS })
  const add = (
    <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => setEditing('new')}>
      {t('orderWork.shops.add')}
    </Button>
  )
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.settings') }]} title={t('orderWork.shops.title')}>
        {shops.data && shops.data.items.length > 0 && add}
      </PageHeader>
      <div className={styles.page}>
        <Loaded query={shops} what={t('orderWork.shops.title')} skeleton={<SkeletonRows rows={3} avatar={false} />}>
          {({ items }) =>
            items.length === 0 ? (
              <Panel edge>
                <EmptyState
                  icon="link"
                  title={t('orderWork.shops.none')}
                  why={t('orderWork.shops.noneWhy')}
                  action={add}
                />
              </Panel>
            ) : (
              <div className={styles.stack}>
                {items.map((shop) => (
                  <ShopCard key={shop.shopConnectionId} shop={shop} onEdit={() => setEditing(shop)} />
                ))}
              </div>
            )
          }
        </Loaded>
      </div>
      {editing && <ShopDialog shop={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </>
  )
}
