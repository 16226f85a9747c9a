import { Button, Input } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { byteLength, sayCount } from '../../ui/number-words.ts'
import { AttachmentFields } from './attachment-fields.tsx'
import {
  ATTACHMENTS_MAX,
  type DraftAttachment,
  type Faults,
  TEXT_BYTES_MAX,
  VARIABLES,
  type WelcomeDraft,
} from './draft.ts'
import { Field } from './field.tsx'
import styles from './form.module.css'

interface Props {
  /** Where a page has several. */
  id?: string
  welcome: WelcomeDraft
  onChange: (welcome: WelcomeDraft) => void
  faults: Faults
}

const KINDS: { type: DraftAttachment['type']; icon: IconName; word: 'image' | 'link' | 'mini' }[] = [
  { type: 'image', icon: 'image', word: 'image' },
  { type: 'link', icon: 'link', word: 'link' },
  { type: 'miniprogram', icon: 'mini', word: 'mini' },
]

function newAttachment(type: DraftAttachment['type']): DraftAttachment {
  const key = crypto.randomUUID()
  if (type === 'image') return { key, type, mediaAssetId: '', url: '' }
  if (type === 'link') return { key, type, title: '', url: '', desc: '', picurl: '' }
  return { key, type, title: '', appid: '', page: '', mediaAssetId: '', url: '' }
}

/** Text with its variables, then attachments in the order they are sent. */
export function WelcomeFields({ id = 'welcome-text', welcome, onChange, faults }: Props) {
  const { t } = useTranslation()
  const box = useRef<TextAreaRef>(null)
  const { text, attachments } = welcome
  const used = byteLength(text)
  const insert = (variable: string) => {
    const area = box.current?.resizableTextArea?.textArea
    const [from, to] = [area?.selectionStart ?? text.length, area?.selectionEnd ?? text.length]
    onChange({ ...welcome, text: `${text.slice(0, from)}{${variable}}${text.slice(to)}` })
    area?.focus()
  }
  const put = (index: number, attachment: DraftAttachment) =>
    onChange({ ...welcome, attachments: attachments.with(index, attachment) })
  return (
    <>
      <Field label={t('channels.form.text')} htmlFor={id} fault={faults.text}>
        <Input.TextArea
          ref={box}
          id={id}
          autoSize={{ minRows: 4, maxRows: 12 }}
          placeholder={t('channels.form.textPlaceholder')}
          value={text}
          status={faults.text ? 'error' : undefined}
          onChange={(event) => onChange({ ...welcome, text: event.target.value })}
        />
        <div className={styles.under}>
          <span className="quiet">{t('channels.form.insert')}</span>
          {VARIABLES.map((variable) => (
            <button key={variable} type="button" className={styles.slot} onClick={() => insert(variable)}>
              {variable}
            </button>
          ))}
          <span className={`${styles.count} ${used > TEXT_BYTES_MAX ? 'bad' : ''}`}>
            {t('channels.form.bytes', { used: sayCount(used) })}
          </span>
        </div>
      </Field>
      <Field label={t('channels.form.attachments')} hint={t('channels.form.attachmentsHint')}>
        <div className={styles.attachments}>
          {attachments.map((attachment, index) => (
            <AttachmentFields
              key={attachment.key}
              attachment={attachment}
              fault={faults[`attachments.${attachment.key}`]}
              onChange={(next) => put(index, next)}
              onRemove={() => onChange({ ...welcome, attachments: attachments.toSpliced(index, 1) })}
              onUp={
                index === 0
                  ? undefined
                  : () =>
                      onChange({
                        ...welcome,
                        attachments: attachments.toSpliced(index, 1).toSpliced(index - 1, 0, attachment),
                      })
              }
            />
          ))}
          <div className={styles.adders}>
            {KINDS.map(({ type, icon, word }) => (
              <Button
                key={type}
                size="small"
                type="dashed"
                icon={<Icon name={icon} size={14} />}
                disabled={attachments.length >= ATTACHMENTS_MAX}
                onClick={() => onChange({ ...welcome, attachments: [...attachments, newAttachment(type)] })}
              >
                {t(`channels.form.${word}`)}
              </Button>
            ))}
          </div>
        </div>
      </Field>
    </>
  )
}
