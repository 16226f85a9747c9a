import { App, Button, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useProblemToast } from '../../../ui/problem-toast.ts'
import { Ago, Moment } from '../../../ui/time.tsx'
import styles from './shops.module.css'
import { refreshShops, type Shop } from './use-shops.ts'

/** One shop: its address, how it does, and what can be done. */
export function ShopCard({ shop, onEdit }: { shop: Shop; onEdit: () => void }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const onError = useProblemToast()
  const path = { params: { path: { shopConnectionId: shop.shopConnectionId } } }
  const done = { onError, onSuccess: refreshShops }
  const edit = api.useMutation('patch', '/api/shop-connections/{shopConnectionId}', done)
  const remove = api.useMutation('delete', '/api/shop-connections/{shopConnectionId}', done)
  const trial = api.useMutation('post', '/api/shop-connections/{shopConnectionId}/trial', { onError })
  const askRemove = () =>
    modal.confirm({
      title: t('orderWork.shops.removeTitle', { name: shop.name }),
      content: t('orderWork.shops.removeWhy'),
      okText: t('orderWork.shops.remove'),
      cancelText: t('actions.cancel'),
      onOk: () => remove.mutate(path),
    })
  const state = !shop.isOn ? 'off' : shop.receivedAt ? 'on' : 'waiting'
  return (
    <Panel
      title={shop.name}
      sub={t(`orders.shops.${shop.platform}`)}
      extra={
        <Switch
          size="small"
          aria-label={t('orderWork.shops.isOn')}
          checked={shop.isOn}
          loading={edit.isPending}
          onChange={(isOn) => edit.mutate({ ...path, body: { isOn } })}
        />
      }
    >
      <dl className={styles.facts}>
        <dt>{t('orderWork.shops.state')}</dt>
        <dd>
          {t(`orderWork.shops.states.${state}`)}
          {shop.receivedAt && (
            <span className="quiet">
              {' '}
              · {t('orderWork.shops.last')} <Ago at={shop.receivedAt} /> ·{' '}
              {t('orderWork.shops.today', { n: shop.takenToday })}
            </span>
          )}
        </dd>
        <dt>{t('orderWork.shops.url')}</dt>
        <dd className={styles.url}>
          <code>{shop.url}</code>
          <CopyButton text={shop.url} />
        </dd>
        <dt>{t('orderWork.shops.secret')}</dt>
        <dd className="mono">
          {shop.appKey && `${shop.appKey} · `}…{shop.secretMark}
        </dd>
        {shop.refusedAt && (
          <>
            <dt>{t('orderWork.shops.forged')}</dt>
            <dd className="bad">
              <Ago at={shop.refusedAt} /> · {t('orderWork.shops.forgedWhy')}
            </dd>
          </>
        )}
      </dl>
      {shop.unknown > 0 && <Unknown shop={shop} />}
      {trial.data && (
        <p className={trial.data.ok ? styles.said : `${styles.said} bad`} role="status">
          {trial.data.why}
        </p>
      )}
      <div className={styles.buttons}>
        <Button loading={trial.isPending} onClick={() => trial.mutate(path)}>
          {t('orderWork.shops.try')}
        </Button>
        <Button onClick={onEdit}>{t('orderWork.shops.edit')}</Button>
        <Button danger type="text" loading={remove.isPending} onClick={() => void askRemove()}>
          {t('orderWork.shops.remove')}
        </Button>
      </div>
    </Panel>
  )
}

/** What it pushed that could not be read, and why. */
function Unknown({ shop }: { shop: Shop }) {
  const { t } = useTranslation()
  const onError = useProblemToast()
  const [open, setOpen] = useState(false)
  const path = { params: { path: { shopConnectionId: shop.shopConnectionId } } }
  const found = api.useQuery('get', '/api/shop-connections/{shopConnectionId}/unknown', path, { enabled: open })
  const retry = api.useMutation('post', '/api/shop-connections/{shopConnectionId}/retry', {
    onError,
    onSuccess: refreshShops,
  })
  return (
    <div className={styles.unknown}>
      <button type="button" className="textlink" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t('orderWork.shops.unknown', { n: shop.unknown })}
      </button>
      <Button size="small" loading={retry.isPending} onClick={() => retry.mutate(path)}>
        {t('orderWork.shops.retry')}
      </Button>
      {open && (
        <ul>
          {found.data?.items.map(({ shopPushId, cause, receivedAt }) => (
            <li key={shopPushId}>
              <span className="quiet">
                <Moment at={receivedAt} />
              </span>{' '}
              {cause}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
