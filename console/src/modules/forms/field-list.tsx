import { Button } from 'antd'
import { type DragEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { freeKey, mend, moveField, newField } from './draft.ts'
import { FieldEditor } from './field-editor.tsx'
import styles from './forms.module.css'
import { type Field, KINDS } from './use-forms.ts'

const FIELDS_MAX = 40

/** The questions in their order, to be dragged or moved by keys; one is open at a time. */
export function FieldList({ fields, onChange }: { fields: Field[]; onChange: (fields: Field[]) => void }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(fields.length === 1 ? fields[0]!.key : undefined)
  const [dragged, setDragged] = useState<number>()
  const move = (from: number, to: number) => onChange(moveField(fields, from, to))
  const add = (kind: Field['kind']) => {
    const key = freeKey(fields)
    const options = [t('forms.start.one'), t('forms.start.two')]
    onChange([...fields, newField(kind, t(`forms.kind.${kind}`), key, options)])
    setOpen(key)
  }
  const drop = (at: number) => {
    if (dragged !== undefined && dragged !== at) move(dragged, at)
    setDragged(undefined)
  }
  return (
    <Panel title={t('forms.part.fields')} sub={t('forms.fieldsOf', { count: fields.length })} edge>
      <ol className={styles.fields}>
        {fields.map((field, at) => (
          <li
            key={field.key}
            draggable={open !== field.key}
            className={dragged === at ? styles.dragged : undefined}
            onDragStart={() => setDragged(at)}
            onDragEnd={() => setDragged(undefined)}
            onDragOver={(event: DragEvent) => event.preventDefault()}
            onDrop={() => drop(at)}
          >
            <div className={styles.fieldHead}>
              <button
                type="button"
                className={styles.fieldName}
                aria-expanded={open === field.key}
                onClick={() => setOpen(open === field.key ? undefined : field.key)}
              >
                <span className="quiet">{at + 1}</span>
                <b>{field.label || t('forms.unnamed')}</b>
                <small className="quiet">
                  {t(`forms.kind.${field.kind}`)}
                  {field.required && ` · ${t('forms.required')}`}
                  {field.when && ` · ${t('forms.conditional')}`}
                </small>
              </button>
              <Button
                size="small"
                type="text"
                disabled={at === 0}
                aria-label={t('forms.up', { name: field.label })}
                icon={<Icon name="up" size={14} />}
                onClick={() => move(at, at - 1)}
              />
              <Button
                size="small"
                type="text"
                disabled={at === fields.length - 1}
                aria-label={t('forms.down', { name: field.label })}
                icon={<Icon name="down" size={14} />}
                onClick={() => move(at, at + 1)}
              />
              <Button
                size="small"
                type="text"
                aria-label={t('forms.remove', { name: field.label })}
                icon={<Icon name="close" size={14} />}
                onClick={() => onChange(mend(fields.toSpliced(at, 1)))}
              />
            </div>
            {open === field.key && (
              <FieldEditor
                field={field}
                before={fields.slice(0, at)}
                onChange={(next) => onChange(mend(fields.with(at, next)))}
              />
            )}
          </li>
        ))}
      </ol>
      <fieldset className={styles.add} aria-label={t('forms.addField')}>
        {KINDS.map((kind) => (
          <Button
            key={kind}
            size="small"
            disabled={fields.length >= FIELDS_MAX}
            icon={<Icon name="plus" size={12} />}
            onClick={() => add(kind)}
          >
            {t(`forms.kind.${kind}`)}
          </Button>
        ))}
      </fieldset>
    </Panel>
  )
}
