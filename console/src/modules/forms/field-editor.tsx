import { Checkbox, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Row } from './builder.tsx'
import styles from './forms.module.css'
import { type Field, isChosen, isPrivate } from './use-forms.ts'

const OPTIONS_MAX = 30
const BOUNDED = ['text', 'long_text', 'number', 'choices', 'file']
/** Which of the corp's own fields an answer can fill. */
const FITS: Record<string, string[]> = {
  text: ['text'],
  long_text: ['text'],
  choice: ['choice', 'text'],
  choices: ['choices'],
  number: ['number'],
  rating: ['number'],
  date: ['date'],
  region: ['text'],
}

interface Props {
  field: Field
  before: Field[]
  onChange: (field: Field) => void
}

/** One question: its words, its bounds, when it is shown, where its answer goes. */
export function FieldEditor({ field, before, onChange }: Props) {
  const { t } = useTranslation()
  const put = (part: Partial<Field>) => onChange({ ...field, ...part })
  const number = (name: 'min' | 'max') => (
    <Row
      label={t(
        `forms.bound.${field.kind === 'number' ? 'number' : field.kind === 'file' || field.kind === 'choices' ? 'count' : 'length'}.${name}`,
      )}
    >
      <InputNumber aria-label={t(`forms.${name}`)} value={field[name]} onChange={(value) => put({ [name]: value })} />
    </Row>
  )
  return (
    <div className={styles.grid}>
      <Row label={t('forms.label')}>
        <Input
          maxLength={40}
          aria-label={t('forms.label')}
          value={field.label}
          onChange={(e) => put({ label: e.target.value })}
        />
      </Row>
      <Row label={t('forms.hint')}>
        <Input
          maxLength={60}
          aria-label={t('forms.hint')}
          value={field.hint}
          onChange={(e) => put({ hint: e.target.value })}
        />
      </Row>
      {isChosen(field) && (
        <Row label={t('forms.options')}>
          <Input.TextArea
            autoSize={{ minRows: 2, maxRows: 10 }}
            aria-label={t('forms.options')}
            defaultValue={field.options.join('\n')}
            onChange={(e) =>
              put({
                options: [
                  ...new Set(
                    e.target.value
                      .split('\n')
                      .map((line) => line.trim().slice(0, 30))
                      .filter(Boolean),
                  ),
                ].slice(0, OPTIONS_MAX),
              })
            }
          />
        </Row>
      )}
      {BOUNDED.includes(field.kind) && (
        <div className={styles.pair}>
          {field.kind !== 'file' && number('min')}
          {number('max')}
        </div>
      )}
      <div className={styles.checks}>
        <Checkbox checked={field.required} onChange={(e) => put({ required: e.target.checked })}>
          {t('forms.required')}
        </Checkbox>
        {(field.kind === 'text' || field.kind === 'long_text') && (
          <Checkbox checked={field.isPrivate} onChange={(e) => put({ isPrivate: e.target.checked })}>
            {t('forms.private')}
          </Checkbox>
        )}
      </div>
      <When field={field} before={before.filter(isChosen)} put={put} />
      <Into field={field} put={put} />
      <Row label={t('forms.key')}>
        <Input maxLength={20} aria-label={t('forms.key')} value={field.key} disabled />
      </Row>
    </div>
  )
}

function When({ field, before, put }: { field: Field; before: Field[]; put: (part: Partial<Field>) => void }) {
  const { t } = useTranslation()
  if (before.length === 0) return null
  const asked = before.find(({ key }) => key === field.when?.field)
  return (
    <Row label={t('forms.shownWhen')}>
      <div className={styles.pair}>
        <Select
          allowClear
          aria-label={t('forms.shownWhen')}
          placeholder={t('forms.always')}
          value={field.when?.field ?? null}
          options={before.map(({ key, label }) => ({ value: key, label }))}
          onChange={(key: string | undefined) => {
            const next = before.find((one) => one.key === key)
            put({ when: next ? { field: next.key, is: next.options.slice(0, 1) } : null })
          }}
        />
        {field.when && asked && (
          <Select
            mode="multiple"
            aria-label={t('forms.isOneOf')}
            value={field.when.is}
            options={asked.options.map((option) => ({ value: option, label: option }))}
            onChange={(is: string[]) => is.length > 0 && put({ when: { field: asked.key, is } })}
          />
        )}
      </div>
    </Row>
  )
}

function Into({ field, put }: { field: Field; put: (part: Partial<Field>) => void }) {
  const { t } = useTranslation()
  const known = api.useQuery('get', '/api/contact-fields', {}, { staleTime: 60_000 }).data ?? []
  const fits = isPrivate(field)
    ? []
    : (known as { contactFieldId: string; name: string; kind: string }[]).filter(({ kind }) =>
        FITS[field.kind]?.includes(kind),
      )
  const options = [
    ...(field.kind === 'text' ? [{ value: 'remark', label: t('forms.intoRemark') }] : []),
    ...fits.map(({ contactFieldId, name }) => ({ value: contactFieldId, label: name })),
  ]
  if (options.length === 0) return null
  const value = field.into === null ? null : field.into.to === 'remark' ? 'remark' : field.into.contactFieldId
  return (
    <Row label={t('forms.into')}>
      <Select
        allowClear
        aria-label={t('forms.into')}
        placeholder={t('forms.nowhere')}
        value={value}
        options={options}
        onChange={(to: string | undefined) =>
          put({
            into: to === undefined ? null : to === 'remark' ? { to: 'remark' } : { to: 'field', contactFieldId: to },
          })
        }
      />
    </Row>
  )
}
