import { Button, Input, InputNumber, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { SlotText } from '../content/slot-text.tsx'
import type { Vocabulary } from '../segments/use-names.ts'
import {
  ClockField,
  DeedField,
  Field,
  Line,
  MaterialsField,
  PickMany,
  PickOne,
  RuleField,
  SpanField,
} from './inputs.tsx'
import styles from './journeys.module.css'
import { shares } from './say-step.ts'
import { ARMS_MAX, blankRule, type Step, type StepOf } from './steps.ts'

const ATTACHMENTS_MAX = 9
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const

interface Props<S extends Step = Step> {
  step: S
  words: Vocabulary
  topics: readonly string[]
  /** `name` binds typing in one field together, so that it is taken back at once. */
  onChange: (next: Step, name?: string) => void
}

/** What a step does, filled in along its sentence. */
export function StepForm(props: Props): ReactNode {
  const { step, words, onChange } = props
  const { t } = useTranslation()
  switch (step.kind) {
    case 'wait':
      return <WaitForm {...props} step={step} />
    case 'until':
      return <UntilForm {...props} step={step} />
    case 'event':
      return (
        <>
          <Field label={t('journeys.form.deed')}>
            <DeedField deed={step.deed} words={words} onChange={(deed) => onChange({ ...step, deed })} />
          </Field>
          <Field label={t('journeys.form.within')}>
            <SpanField
              label={t('journeys.form.within')}
              value={step.within}
              onChange={(within) => onChange({ ...step, within }, 'within')}
            />
          </Field>
        </>
      )
    case 'message':
    case 'broadcast':
      return <SayForm {...props} step={step} />
    case 'notice':
    case 'task':
      return <AskForm {...props} step={step} />
    case 'tag':
      return (
        <>
          {(['add', 'remove'] as const).map((of) => (
            <Field key={of} label={t(of === 'add' ? 'journeys.form.tagAdd' : 'journeys.form.tagRemove')}>
              <PickMany
                label={t(of === 'add' ? 'journeys.form.tagAdd' : 'journeys.form.tagRemove')}
                value={step[of]}
                choices={words.tags}
                onChange={(ids) => onChange({ ...step, [of]: ids })}
              />
            </Field>
          ))}
        </>
      )
    case 'stage':
      return (
        <Field label={t('journeys.form.stage')}>
          <PickOne
            label={t('journeys.form.stage')}
            value={step.stageId}
            choices={words.stages}
            onChange={(stageId) => onChange({ ...step, stageId: stageId ?? '' })}
          />
        </Field>
      )
    case 'field':
      return <FieldForm {...props} step={step} />
    case 'split':
      return <SplitForm {...props} step={step} />
    case 'random':
      return <RandomForm {...props} step={step} />
    case 'goal':
      return (
        <Typed
          label={t('journeys.form.goalName')}
          value={step.name}
          max={20}
          onChange={(name) => onChange({ ...step, name }, 'name')}
        />
      )
    case 'exit':
      return <p className="soft">{t('journeys.step.exit.why')}</p>
  }
}

function Typed({
  label,
  why,
  value,
  placeholder,
  max,
  onChange,
}: {
  label: string
  why?: string
  value: string
  placeholder?: string
  max: number
  onChange: (next: string) => void
}) {
  return (
    <Field label={label} why={why}>
      <Input
        aria-label={label}
        value={value}
        maxLength={max}
        {...(placeholder ? { placeholder } : {})}
        onChange={({ target }) => onChange(target.value)}
      />
    </Field>
  )
}

function WaitForm({ step, onChange }: Props<StepOf<'wait'>>) {
  const { t } = useTranslation()
  return (
    <>
      <Field label={t('journeys.form.span')}>
        <SpanField
          label={t('journeys.form.span')}
          value={step.span}
          onChange={(span) => onChange({ ...step, span }, 'span')}
        />
      </Field>
      <Field label={t('journeys.form.at')} why={t('journeys.form.atWhy')}>
        <Line>
          <ClockField
            label={t('journeys.form.at')}
            value={step.at ?? ''}
            onChange={(at) => onChange({ ...step, at }, 'at')}
          />
          {step.at !== null && (
            <Button size="small" type="text" onClick={() => onChange({ ...step, at: null })}>
              {t('journeys.form.anyTime')}
            </Button>
          )}
        </Line>
      </Field>
      <Line>
        <Switch
          size="small"
          aria-label={t('journeys.form.workdays')}
          checked={step.workdays}
          onChange={(workdays) => onChange({ ...step, workdays })}
        />
        {t('journeys.form.workdays')}
      </Line>
    </>
  )
}

function UntilForm({ step, onChange }: Props<StepOf<'until'>>) {
  const { t } = useTranslation()
  return (
    <>
      <Field label={t('journeys.form.weekdays')}>
        <PickMany
          label={t('journeys.form.weekdays')}
          value={step.weekdays.map(String)}
          choices={WEEKDAYS.map((on) => ({ value: String(on), label: t(`broadcasts.weekday.d${on}`) }))}
          onChange={(held) => onChange({ ...step, weekdays: held.map(Number).toSorted() })}
        />
      </Field>
      <Field label={t('journeys.form.at')}>
        <ClockField label={t('journeys.form.at')} value={step.at} onChange={(at) => onChange({ ...step, at }, 'at')} />
      </Field>
    </>
  )
}

function SayForm({ step, topics, onChange }: Props<StepOf<'message'> | StepOf<'broadcast'>>) {
  const { t } = useTranslation()
  return (
    <>
      <Field label={t('journeys.form.text')}>
        <SlotText
          label={t('journeys.form.text')}
          value={step.text}
          onChange={(text) => onChange({ ...step, text }, 'text')}
        />
      </Field>
      <Field label={t('journeys.form.materials')}>
        <MaterialsField
          label={t('journeys.form.materials')}
          value={step.materialIds}
          max={ATTACHMENTS_MAX}
          onChange={(materialIds) => onChange({ ...step, materialIds })}
        />
      </Field>
      <Field label={t('journeys.form.topic')} why={t('journeys.form.topicWhy')}>
        <Select
          aria-label={t('journeys.form.topic')}
          placeholder={t('segments.choose')}
          value={step.topic || null}
          options={topics.map((value) => ({ value, label: value }))}
          onChange={(topic: string) => onChange({ ...step, topic })}
        />
      </Field>
      {step.kind === 'message' ? (
        <Field label={t('journeys.form.sendWithin')} why={t('journeys.form.sendWithinWhy')}>
          <SpanField
            label={t('journeys.form.sendWithin')}
            value={step.within}
            onChange={(within) => onChange({ ...step, within }, 'within')}
          />
        </Field>
      ) : (
        <Field label={t('journeys.form.sendAt')}>
          <ClockField
            label={t('journeys.form.sendAt')}
            value={step.at}
            onChange={(at) => onChange({ ...step, at }, 'at')}
          />
        </Field>
      )}
    </>
  )
}

function AskForm({ step, onChange }: Props<StepOf<'notice'> | StepOf<'task'>>) {
  const { t } = useTranslation()
  const isTask = step.kind === 'task'
  const words = isTask ? step.note : step.text
  return (
    <>
      <Typed
        label={t(isTask ? 'journeys.form.title' : 'journeys.form.titleNotice')}
        value={step.title}
        max={40}
        onChange={(title) => onChange({ ...step, title }, 'title')}
      />
      <Field label={t('journeys.form.note')}>
        <Input.TextArea
          aria-label={t('journeys.form.note')}
          autoSize={{ minRows: 3, maxRows: 8 }}
          maxLength={500}
          value={words}
          onChange={({ target }) =>
            onChange(isTask ? { ...step, note: target.value } : { ...step, text: target.value }, 'note')
          }
        />
      </Field>
      {isTask && (
        <Field label={t('journeys.form.due')}>
          <SpanField
            label={t('journeys.form.due')}
            value={step.due}
            onChange={(due) => onChange({ ...step, due }, 'due')}
          />
        </Field>
      )}
    </>
  )
}

function FieldForm({ step, words, onChange }: Props<StepOf<'field'>>) {
  const { t } = useTranslation()
  const field = words.fields.find(({ value }) => value === step.fieldId)
  return (
    <>
      <Field label={t('journeys.form.field')}>
        <PickOne
          label={t('journeys.form.field')}
          value={step.fieldId}
          choices={words.fields}
          onChange={(fieldId) => onChange({ ...step, fieldId: fieldId ?? '', value: '' })}
        />
      </Field>
      {field && field.options.length > 0 ? (
        <Field label={t('journeys.form.value')}>
          <PickOne
            label={t('journeys.form.value')}
            value={step.value}
            choices={field.options.map((value) => ({ value, label: value }))}
            onChange={(value) => onChange({ ...step, value: value ?? '' })}
          />
        </Field>
      ) : (
        <Typed
          label={t('journeys.form.value')}
          value={step.value}
          max={200}
          onChange={(value) => onChange({ ...step, value }, 'value')}
        />
      )}
    </>
  )
}

function SplitForm({ step, words, onChange }: Props<StepOf<'split'>>) {
  const { t } = useTranslation()
  const set = (nr: number, given: Partial<StepOf<'split'>['arms'][number]>, name?: string) =>
    onChange({ ...step, arms: step.arms.with(nr, { ...step.arms[nr]!, ...given }) }, name)
  return (
    <>
      <p className="soft small">{t('journeys.form.splitWhy')}</p>
      {step.arms.map((arm, nr) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a way is where it stands
        <div key={nr} className={styles.arm}>
          <div className={styles.armHead}>
            <Input
              aria-label={t('journeys.form.armName', { n: nr + 1 })}
              maxLength={20}
              value={arm.name}
              onChange={({ target }) => set(nr, { name: target.value }, `arm ${nr}`)}
            />
            <Button
              type="text"
              size="small"
              disabled={step.arms.length === 1}
              icon={<Icon name="close" size={14} label={t('journeys.form.armRemove', { name: arm.name })} />}
              onClick={() => onChange({ ...step, arms: step.arms.toSpliced(nr, 1) })}
            />
          </div>
          <RuleField rule={arm.rule} words={words} onChange={(rule) => set(nr, { rule })} />
        </div>
      ))}
      {step.arms.length < ARMS_MAX && (
        <Button
          size="small"
          icon={<Icon name="plus" size={13} />}
          onClick={() =>
            onChange({
              ...step,
              arms: [
                ...step.arms,
                { name: t('journeys.form.armNew', { n: step.arms.length + 1 }), rule: blankRule(), next: null },
              ],
            })
          }
        >
          {t('journeys.form.armAdd')}
        </Button>
      )}
      <p className="quiet small">{t('journeys.form.splitElse')}</p>
    </>
  )
}

function RandomForm({ step, onChange }: Props<StepOf<'random'>>) {
  const { t } = useTranslation()
  const set = (nr: number, given: Partial<StepOf<'random'>['arms'][number]>, name?: string) =>
    onChange({ ...step, arms: step.arms.with(nr, { ...step.arms[nr]!, ...given }) }, name)
  return (
    <>
      <p className="soft small">{t('journeys.form.randomWhy')}</p>
      {step.arms.map((arm, nr) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a way is where it stands
        <div key={nr} className={styles.armHead}>
          <Input
            aria-label={t('journeys.form.armName', { n: nr + 1 })}
            maxLength={20}
            value={arm.name}
            onChange={({ target }) => set(nr, { name: target.value }, `arm ${nr}`)}
          />
          <InputNumber
            min={1}
            max={100}
            precision={0}
            style={{ width: 72 }}
            aria-label={t('journeys.form.weightOf', { name: arm.name })}
            value={arm.weight}
            onChange={(weight) => weight !== null && set(nr, { weight }, `weight ${nr}`)}
          />
          <span className="quiet small" style={{ width: 44, textAlign: 'right' }}>
            {shares(step.arms)[nr]}%
          </span>
          <Button
            type="text"
            size="small"
            disabled={step.arms.length <= 2}
            icon={<Icon name="close" size={14} label={t('journeys.form.armRemove', { name: arm.name })} />}
            onClick={() => onChange({ ...step, arms: step.arms.toSpliced(nr, 1) })}
          />
        </div>
      ))}
      {step.arms.length < ARMS_MAX && (
        <Button
          size="small"
          icon={<Icon name="plus" size={13} />}
          onClick={() =>
            onChange({
              ...step,
              arms: [...step.arms, { name: String.fromCharCode(65 + step.arms.length), weight: 1, next: null }],
            })
          }
        >
          {t('journeys.form.armAdd')}
        </Button>
      )}
    </>
  )
}
