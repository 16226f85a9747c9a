import { Button, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { NotSaved } from '../../ui/states.tsx'
import { useCan } from '../staff/session.ts'
import styles from './contacts.module.css'
import type { Contact } from './profile.tsx'

type Field = Contact['fields'][number]
type Value = Field['value']

/** The corp's own fields of him: those filled in, and all of them while one writes. Nothing where the corp has none. */
export function FieldsCard({ contact }: { contact: Contact }) {
  const { t } = useTranslation()
  const [editing, setEditing] = useState(false)
  const mayWrite = useCan('contacts.write')
  if (contact.fields.length === 0) return null
  if (editing) return <FieldsForm contact={contact} onDone={() => setEditing(false)} />
  const filled = contact.fields.filter(({ value }) => value !== null)
  return (
    <div className={styles.block}>
      {filled.length > 0 && (
        <dl className={styles.fields}>
          {filled.map(({ contactFieldId, name, value }) => (
            <div key={contactFieldId}>
              <dt>{name}</dt>
              <dd>{Array.isArray(value) ? value.join('、') : String(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {mayWrite && (
        <button type="button" className="textlink small" onClick={() => setEditing(true)}>
          {t('fields.fill')}
        </button>
      )}
    </div>
  )
}

function FieldsForm({ contact, onDone }: { contact: Contact; onDone: () => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<Record<string, Value>>({})
  const { contactId } = contact
  const fill = api.useMutation('put', '/api/contacts/{contactId}/fields', {
    onSuccess() {
      const queryKey = ['get', '/api/contacts/{contactId}', { params: { path: { contactId } } }]
      void queryClient.invalidateQueries({ queryKey })
      onDone()
    },
  })
  return (
    <form
      className={`${styles.block} ${styles.fieldsForm}`}
      onSubmit={(event) => {
        event.preventDefault()
        fill.mutate({ params: { path: { contactId } }, body: { values: typed } })
      }}
    >
      {contact.fields.map((field) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the control is whichever the field's kind asks for
        <label key={field.contactFieldId}>
          <span>{field.name}</span>
          <FieldInput
            field={field}
            value={field.contactFieldId in typed ? (typed[field.contactFieldId] ?? null) : field.value}
            onChange={(value) => setTyped({ ...typed, [field.contactFieldId]: value })}
          />
        </label>
      ))}
      {fill.error && <NotSaved error={fill.error} />}
      <div className={styles.noteFoot}>
        <Button size="small" onClick={onDone}>
          {t('actions.cancel')}
        </Button>
        <Button size="small" type="primary" htmlType="submit" loading={fill.isPending}>
          {t('actions.save')}
        </Button>
      </div>
    </form>
  )
}

function FieldInput({ field, value, onChange }: { field: Field; value: Value; onChange: (value: Value) => void }) {
  const { t } = useTranslation()
  const options = field.options.map((option) => ({ value: option, label: option }))
  switch (field.kind) {
    case 'number':
      return (
        <InputNumber
          style={{ width: '100%' }}
          value={typeof value === 'number' ? value : null}
          onChange={(next) => onChange(next)}
        />
      )
    case 'date':
      return (
        <input
          type="date"
          className={styles.date}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.target.value || null)}
        />
      )
    case 'choice':
      return (
        <Select
          allowClear
          placeholder={t('fields.choose')}
          options={options}
          value={typeof value === 'string' ? value : null}
          onChange={(next: string | undefined) => onChange(next ?? null)}
        />
      )
    case 'choices':
      return (
        <Select
          mode="multiple"
          placeholder={t('fields.choose')}
          options={options}
          value={Array.isArray(value) ? value : []}
          onChange={(next: string[]) => onChange(next)}
        />
      )
    case 'text':
      return (
        <Input
          maxLength={500}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.target.value)}
        />
      )
  }
}
