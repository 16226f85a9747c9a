import { App, Button, Dropdown, Input, Modal, Select } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Icon } from '../../ui/icon.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { EmptyState, NotSaved, SkeletonRows } from '../../ui/states.tsx'
import { languageOf } from '../../ui/time-words.ts'
import styles from './contacts.module.css'

type Field = Answer<'/api/contact-fields'>[number]
const KINDS = ['text', 'number', 'date', 'choice', 'choices'] as const
const refresh = () => queryClient.invalidateQueries({ queryKey: ['get', '/api/contact-fields'] })
const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

/** The fields a corp keeps of its customers for itself. */
export function FieldsPage() {
  const { t } = useTranslation()
  const [editing, setEditing] = useState<Field | 'new'>()
  const fields = api.useQuery('get', '/api/contact-fields', {})
  const create = (
    <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => setEditing('new')}>
      {t('fields.create')}
    </Button>
  )
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('nav.settings') }]}
        title={t('fields.title')}
        meta={fields.data && t('fields.meta', { n: fields.data.length })}
      >
        {create}
      </PageHeader>
      <div className={styles.plain}>
        <Loaded query={fields} what={t('fields.title')} skeleton={<SkeletonRows rows={6} avatar={false} />}>
          {(all) =>
            all.length === 0 ? (
              <EmptyState icon="edit" title={t('fields.emptyTitle')} why={t('fields.why')} action={create} />
            ) : (
              <FieldRows fields={all} onEdit={setEditing} />
            )
          }
        </Loaded>
      </div>
      {editing && <FieldDialog field={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </>
  )
}

function FieldRows({ fields, onEdit }: { fields: Field[]; onEdit: (field: Field) => void }) {
  const { t, i18n } = useTranslation()
  const used = (field: Field) =>
    field.used > 0 ? t('fields.used', { n: sayCount(field.used, languageOf(i18n)) }) : t('fields.unused')
  const columns: Column<Field>[] = [
    { key: 'name', title: t('fields.column.name'), width: '22%', cell: (field) => <b>{field.name}</b> },
    { key: 'kind', title: t('fields.column.kind'), width: 100, cell: (field) => t(`fields.kinds.${field.kind}`) },
    {
      key: 'options',
      title: t('fields.column.options'),
      cell: (field) => <span title={field.options.join('、')}>{field.options.join('、') || '—'}</span>,
    },
    {
      key: 'used',
      title: t('fields.column.used'),
      width: 160,
      cell: (field) => <span className="soft">{used(field)}</span>,
    },
    {
      key: 'act',
      title: t('fields.column.act'),
      width: 72,
      align: 'right',
      cell: (field) => <FieldMenu field={field} fields={fields} onEdit={onEdit} />,
    },
  ]
  return (
    <ListTable
      rows={fields}
      columns={columns}
      rowKey={(field) => field.contactFieldId}
      label={t('fields.list')}
      minWidth={720}
      card={(field) => (
        <span className={styles.fieldCard}>
          <span>
            <b>{field.name}</b> <span className="quiet small">{t(`fields.kinds.${field.kind}`)}</span>
            <small className="quiet">{field.options.join('、') || used(field)}</small>
          </span>
          <FieldMenu field={field} fields={fields} onEdit={onEdit} />
        </span>
      )}
    />
  )
}

function FieldMenu({ field, fields, onEdit }: { field: Field; fields: Field[]; onEdit: (field: Field) => void }) {
  const { t, i18n } = useTranslation()
  const { modal } = App.useApp()
  const onError = useProblemToast()
  const options = { onError, onSuccess: refresh }
  const order = api.useMutation('put', '/api/contact-fields/order', options)
  const remove = api.useMutation('delete', '/api/contact-fields/{contactFieldId}', options)
  const { contactFieldId, name } = field
  const ids = fields.map((one) => one.contactFieldId)
  const place = ids.indexOf(contactFieldId)
  const move = (step: number) =>
    order.mutate({ body: { contactFieldIds: ids.toSpliced(place, 1).toSpliced(place + step, 0, contactFieldId) } })
  const ask = () =>
    void modal.confirm({
      title: t('fields.deleteTitle', { name }),
      content:
        field.used > 0
          ? t('fields.deleteWhy', { n: sayCount(field.used, languageOf(i18n)) })
          : t('fields.deleteNobody'),
      okText: t('fields.delete'),
      okButtonProps: { danger: true },
      cancelText: t('fields.keep'),
      onOk: () => remove.mutate({ params: { path: { contactFieldId } } }),
    })
  const items = [
    { key: 'edit', label: t('fields.edit'), onClick: () => onEdit(field) },
    { key: 'up', label: t('fields.up'), disabled: place === 0, onClick: () => move(-1) },
    { key: 'down', label: t('fields.down'), disabled: place === ids.length - 1, onClick: () => move(1) },
    { key: 'delete', label: t('fields.delete'), danger: true, onClick: ask },
  ]
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button size="small" type="text" icon={<Icon name="more" size={16} label={`${name} ${t('actions.more')}`} />} />
    </Dropdown>
  )
}

function FieldDialog({ field, onClose }: { field: Field | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState(field?.name ?? '')
  const [kind, setKind] = useState(field?.kind ?? 'text')
  const [lines, setLines] = useState(field?.options.join('\n') ?? '')
  const onSuccess = () => {
    void refresh()
    onClose()
  }
  const create = api.useMutation('post', '/api/contact-fields', { onSuccess })
  const edit = api.useMutation('patch', '/api/contact-fields/{contactFieldId}', { onSuccess })
  const choosing = kind === 'choice' || kind === 'choices'
  const ready = name.trim() !== '' && (!choosing || linesOf(lines).length > 0)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!ready) return
    const options = choosing ? { options: linesOf(lines) } : {}
    if (field)
      edit.mutate({
        params: { path: { contactFieldId: field.contactFieldId } },
        body: { name: name.trim(), ...options },
      })
    else create.mutate({ body: { name: name.trim(), kind, options: options.options ?? [] } })
  }
  const error = create.error ?? edit.error
  return (
    <Modal open title={field ? field.name : t('fields.create')} onCancel={onClose} footer={null} width={420}>
      <form className={styles.fieldsForm} onSubmit={submit}>
        {/* biome-ignore lint/a11y/noLabelWithoutControl: antd renders the control */}
        <label>
          <span>{t('fields.name')}</span>
          <Input autoFocus maxLength={20} value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        {!field && (
          // biome-ignore lint/a11y/noLabelWithoutControl: antd renders the control
          <label>
            <span>{t('fields.kind')}</span>
            <Select
              value={kind}
              onChange={setKind}
              options={KINDS.map((one) => ({ value: one, label: t(`fields.kinds.${one}`) }))}
            />
          </label>
        )}
        {choosing && (
          // biome-ignore lint/a11y/noLabelWithoutControl: antd renders the control
          <label>
            <span>{t('fields.options')}</span>
            <Input.TextArea
              autoSize={{ minRows: 4, maxRows: 12 }}
              value={lines}
              onChange={(event) => setLines(event.target.value)}
            />
            <small className="quiet">{t('fields.optionsHint')}</small>
          </label>
        )}
        {error && <NotSaved error={error} />}
        <div className={styles.noteFoot}>
          <Button onClick={onClose}>{t('actions.cancel')}</Button>
          <Button type="primary" htmlType="submit" disabled={!ready} loading={create.isPending || edit.isPending}>
            {t('fields.save')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
