import { Button, Checkbox, Input, Modal, Select } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { Icon } from '../../ui/icon.tsx'
import { NotSaved } from '../../ui/states.tsx'
import styles from './catalogue.module.css'
import type { Kind } from './catalogue-page.tsx'

type Property = Kind['properties'][number]
const TYPES = ['text', 'number', 'whole', 'boolean', 'time', 'money_fen'] as const
const KIND = /^[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?$/
const PROPERTIES_MAX = 30

/** Declares a kind of the corp's own, or says other properties of it. */
export function KindDialog({ kind, onClose }: { kind: Kind | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState(kind?.kind ?? '')
  const [title, setTitle] = useState(kind?.title ?? '')
  // A row keeps its key while it is being typed in.
  const [rows, setRows] = useState(() => (kind?.properties ?? []).map((property, key) => ({ key, property })))
  const onSuccess = () => {
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/events/catalogue'] })
    onClose()
  }
  const declare = api.useMutation('post', '/api/events/types', { onSuccess })
  const edit = api.useMutation('put', '/api/events/types/{kind}', { onSuccess })
  const properties = rows.map(({ property }) => property)
  const ready = KIND.test(name) && title.trim() !== '' && properties.every((one) => one.name && one.title.trim())
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!ready) return
    const body = { title: title.trim(), properties }
    if (kind) edit.mutate({ params: { path: { kind: kind.kind } }, body })
    else declare.mutate({ body: { kind: name, ...body } })
  }
  const change = (key: number, part: Partial<Property>) =>
    setRows(rows.map((row) => (row.key === key ? { key, property: { ...row.property, ...part } } : row)))
  const add = () => {
    const key = Math.max(0, ...rows.map((row) => row.key)) + 1
    setRows([...rows, { key, property: { name: '', title: '', type: 'text', required: false } }])
  }
  const error = declare.error ?? edit.error
  return (
    <Modal open title={kind ? kind.title : t('catalogue.create')} onCancel={onClose} footer={null} width={560}>
      <form className={styles.form} onSubmit={submit}>
        {!kind && (
          // biome-ignore lint/a11y/noLabelWithoutControl: antd renders the control
          <label>
            <span>{t('catalogue.name')}</span>
            <Input
              autoFocus
              className="mono"
              maxLength={81}
              value={name}
              status={name && !KIND.test(name) ? 'error' : ''}
              onChange={(event) => setName(event.target.value)}
            />
            <small className="quiet">{t('catalogue.nameHint')}</small>
          </label>
        )}
        {/* biome-ignore lint/a11y/noLabelWithoutControl: antd renders the control */}
        <label>
          <span>{t('catalogue.title_')}</span>
          <Input maxLength={20} value={title} onChange={(event) => setTitle(event.target.value)} />
        </label>
        <span className={styles.label}>{t('catalogue.properties')}</span>
        {rows.map(({ key, property }) => (
          <PropertyRow
            key={key}
            property={property}
            onChange={(part) => change(key, part)}
            onRemove={() => setRows(rows.filter((row) => row.key !== key))}
          />
        ))}
        <Button
          type="dashed"
          icon={<Icon name="plus" size={14} />}
          disabled={rows.length >= PROPERTIES_MAX}
          onClick={add}
        >
          {t('catalogue.addProperty')}
        </Button>
        {error && <NotSaved error={error} />}
        <div className={styles.formFoot}>
          <Button onClick={onClose}>{t('actions.cancel')}</Button>
          <Button type="primary" htmlType="submit" disabled={!ready} loading={declare.isPending || edit.isPending}>
            {t(kind ? 'catalogue.saveEdit' : 'catalogue.save')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

interface RowProps {
  property: Property
  onChange: (part: Partial<Property>) => void
  onRemove: () => void
}

function PropertyRow({ property, onChange, onRemove }: RowProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.property}>
      <Input
        className="mono"
        aria-label={t('catalogue.propertyName')}
        placeholder="priceFen"
        maxLength={40}
        value={property.name}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <Input
        aria-label={t('catalogue.propertyTitle')}
        placeholder={t('catalogue.propertyTitle')}
        maxLength={20}
        value={property.title}
        onChange={(event) => onChange({ title: event.target.value })}
      />
      <Select
        aria-label={t('catalogue.column.properties')}
        value={property.type}
        onChange={(type) => onChange({ type })}
        options={TYPES.map((value) => ({ value, label: t(`catalogue.types.${value}`) }))}
      />
      <Checkbox checked={property.required} onChange={(event) => onChange({ required: event.target.checked })}>
        {t('catalogue.required')}
      </Checkbox>
      <Button
        type="text"
        icon={<Icon name="close" size={14} label={t('catalogue.removeProperty', { name: property.name })} />}
        onClick={onRemove}
      />
    </div>
  )
}
