import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client.ts'
import { NotSaved } from '../../../ui/states.tsx'
import { SHOPS } from '../order-filters.tsx'
import styles from './shops.module.css'
import { refreshShops, type Shop } from './use-shops.ts'

const PLATFORMS = SHOPS.filter((shop) => shop !== 'own')

/** A shop's name and secret: new, or set anew. What is set is never read out. */
export function ShopDialog({ shop, onClose }: { shop: Shop | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState({
    platform: shop?.platform ?? ('youzan' as Shop['platform']),
    name: shop?.name ?? '',
    appKey: shop?.appKey ?? '',
    secret: '',
  })
  const saved = {
    onSuccess() {
      refreshShops()
      onClose()
    },
  }
  const add = api.useMutation('post', '/api/shop-connections', saved)
  const edit = api.useMutation('patch', '/api/shop-connections/{shopConnectionId}', saved)
  const save = () => {
    if (!shop) add.mutate({ body: draft })
    else {
      const { name, appKey, secret } = draft
      const path = { shopConnectionId: shop.shopConnectionId }
      edit.mutate({ params: { path }, body: { name, appKey, ...(secret ? { secret } : {}) } })
    }
  }
  const error = add.error ?? edit.error
  const isWhole = draft.name.trim() !== '' && (shop !== undefined || draft.secret.trim().length >= 6)
  return (
    <Modal
      open
      title={t(shop ? 'orderWork.shops.edit' : 'orderWork.shops.add')}
      okText={t('actions.save')}
      cancelText={t('actions.cancel')}
      okButtonProps={{ disabled: !isWhole, loading: add.isPending || edit.isPending }}
      onOk={save}
      onCancel={onClose}
    >
      <div className={styles.form}>
        <label htmlFor="shop-platform">
          <span>{t('orderWork.shops.platform')}</span>
          <Select
            id="shop-platform"
            disabled={shop !== undefined}
            value={draft.platform}
            options={PLATFORMS.map((value) => ({ value, label: t(`orders.shops.${value}`) }))}
            onChange={(platform) => setDraft({ ...draft, platform })}
          />
        </label>
        <label htmlFor="shop-name">
          <span>{t('orderWork.shops.name')}</span>
          <Input
            id="shop-name"
            maxLength={30}
            value={draft.name}
            onChange={({ target }) => setDraft({ ...draft, name: target.value })}
          />
        </label>
        <label htmlFor="shop-key">
          <span>{t('orderWork.shops.appKey')}</span>
          <Input
            id="shop-key"
            maxLength={100}
            value={draft.appKey}
            onChange={({ target }) => setDraft({ ...draft, appKey: target.value })}
          />
        </label>
        <label htmlFor="shop-secret">
          <span>{t('orderWork.shops.secret')}</span>
          <Input.Password
            id="shop-secret"
            autoComplete="new-password"
            maxLength={200}
            placeholder={shop ? t('orderWork.shops.unchanged') : ''}
            value={draft.secret}
            onChange={({ target }) => setDraft({ ...draft, secret: target.value })}
          />
        </label>
        <p className="small quiet">{t(`orderWork.shops.how.${draft.platform}`)}</p>
        {error ? <NotSaved error={error} /> : null}
      </div>
    </Modal>
  )
}
