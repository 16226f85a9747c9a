import { Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { CodeDraft, Faults, SlotDraft } from './draft.ts'
import { Field, useFaultWords } from './field.tsx'
import formStyles from './form.module.css'
import styles from './roster.module.css'
import { newNight } from './roster-draft.ts'
import { Add, Hours, Remove, Weekdays } from './shift-inputs.tsx'

interface Props {
  draft: CodeDraft
  faults: Faults
  put: (change: Partial<CodeDraft>) => void
}
const SLOTS_MAX = 10
const WORDS_MAX = 50

/** What a code says at other hours, and whom it does not greet. */
export function WelcomeRules({ draft, faults, put }: Props) {
  const { t } = useTranslation()
  const { slots, blockedWords } = draft
  const change = (key: string, to: Partial<SlotDraft>) =>
    put({ slots: slots.map((slot) => (slot.key === key ? { ...slot, ...to } : slot)) })
  return (
    <div className={formStyles.fields} style={{ paddingTop: 16 }}>
      <Field label={t('channels.slots.title')} hint={t('channels.slots.hint')}>
        <div className={styles.rows}>
          {slots.map((slot) => (
            <Slot
              key={slot.key}
              slot={slot}
              fault={faults[`slots.${slot.key}`]}
              onChange={(to) => change(slot.key, to)}
              onRemove={() => put({ slots: slots.filter(({ key }) => key !== slot.key) })}
            />
          ))}
          {slots.length < SLOTS_MAX && (
            <Add
              label={t('channels.slots.add')}
              onClick={() => put({ slots: [...slots, { ...newNight(), welcome: { text: '', attachments: [] } }] })}
            />
          )}
        </div>
      </Field>
      <Field label={t('channels.slots.blocked')} htmlFor="code-blocked" hint={t('channels.slots.blockedHint')}>
        <Select
          id="code-blocked"
          mode="tags"
          open={false}
          suffixIcon={null}
          maxCount={WORDS_MAX}
          tokenSeparators={[',', '，', ' ', '、']}
          placeholder={t('channels.slots.blockedPlaceholder')}
          value={blockedWords}
          onChange={(words) => put({ blockedWords: words.map((word) => word.trim().slice(0, 20)).filter(Boolean) })}
        />
      </Field>
    </div>
  )
}

function Slot({
  slot,
  fault,
  onChange,
  onRemove,
}: {
  slot: SlotDraft
  fault: Faults[string] | undefined
  onChange: (to: Partial<SlotDraft>) => void
  onRemove: () => void
}) {
  const { t } = useTranslation()
  const wrong = useFaultWords(fault)
  return (
    <div className={styles.date}>
      <div className={styles.dateTop}>
        <Weekdays value={slot.weekdays} onChange={(weekdays) => onChange({ weekdays })} />
        <Hours from={slot.from} to={slot.to} onChange={onChange} />
        <Remove onClick={onRemove} />
      </div>
      <Input.TextArea
        autoSize={{ minRows: 2, maxRows: 8 }}
        aria-label={t('channels.form.text')}
        placeholder={t('channels.slots.placeholder')}
        value={slot.welcome.text}
        status={wrong ? 'error' : undefined}
        onChange={(event) => onChange({ welcome: { ...slot.welcome, text: event.target.value } })}
      />
      {wrong && (
        <span className={formStyles.wrong} role="alert">
          {wrong}
        </span>
      )}
    </div>
  )
}
