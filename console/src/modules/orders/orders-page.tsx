import { keepPreviousData } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { Split } from '../../ui/dock.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import styles from '../contacts/contacts.module.css'
import { ProfileDock } from '../contacts/profile-dock.tsx'
import { useCan } from '../staff/session.ts'
import { type Asked, OrderFilters, readAsked } from './order-filters.tsx'
import { OrderRows } from './order-rows.tsx'

const PAGE = 50

/** What customers bought, in whatever shop; a row opens whose it is. */
export function OrdersPage() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const asked = readAsked(params)
  const mayManage = useCan('orders.manage')
  const keyset = useKeyset()
  const openId = params.get('id') ?? undefined
  const list = api.useQuery(
    'get',
    '/api/orders',
    { params: { query: { ...asked, before: keyset.cursor, limit: PAGE } } },
    { placeholderData: keepPreviousData },
  )
  const change = (to: Partial<Record<keyof Asked, string | undefined>>) => {
    const next = new URLSearchParams(params)
    for (const name of ['after', 'id']) next.delete(name)
    for (const [name, value] of Object.entries(to)) value ? next.set(name, value) : next.delete(name)
    setParams(next)
  }
  const open = (id: string | undefined) => {
    const next = new URLSearchParams(params)
    id ? next.set('id', id) : next.delete('id')
    setParams(next, { replace: openId !== undefined, state: window.history.state?.usr })
  }
  const set = Object.values(asked).some((value) => value !== undefined)
  const empty = (
    <EmptyState
      icon="archive"
      title={t(set ? 'orders.noneFiltered' : 'orders.none')}
      why={set ? undefined : t('orders.noneWhy')}
      action={set && <Button onClick={() => setParams(new URLSearchParams())}>{t('orders.clear')}</Button>}
    />
  )
  const dock = openId && <ProfileDock contactId={openId} onClose={() => open(undefined)} />
  return (
    <Split dock={dock}>
      <PageHeader crumbs={[{ label: t('nav.contacts'), to: '/contacts' }]} title={t('orders.title')}>
        {mayManage && (
          <Link to="/orders/imports">
            <Button type="primary">{t('orderWork.imports.title')}</Button>
          </Link>
        )}
      </PageHeader>
      <OrderFilters asked={asked} onChange={change} />
      <div className={styles.list}>
        <Loaded query={list} what={t('orders.title')} skeleton={<SkeletonRows rows={12} />}>
          {(page) =>
            page.items.length === 0 ? (
              empty
            ) : (
              <>
                <OrderRows rows={page.items} openId={openId} onOpen={open} />
                <KeysetFooter keyset={keyset} nextCursor={page.nextCursor} shown={page.items.length} pageSize={PAGE} />
              </>
            )
          }
        </Loaded>
      </div>
    </Split>
  )
}
