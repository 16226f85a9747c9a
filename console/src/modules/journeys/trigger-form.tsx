import { Button, Input, InputNumber, Segmented, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../ui/clock.ts'
import { Icon } from '../../ui/icon.tsx'
import { shanghaiDay } from '../../ui/time-words.ts'
import type { Vocabulary } from '../segments/use-names.ts'
import { ClockField, DeedField, Field, Line, PickMany, PickOne, SpanField } from './inputs.tsx'
import styles from './journeys.module.css'
import { blankTrigger, type Draft, TRIGGERS, type Trigger, type TriggerKind } from './steps.ts'

interface Props {
  draft: Draft
  words: Vocabulary
  onChange: (next: Draft, name?: string) => void
}

/** What starts the journey, and for whom. */
export function TriggerForm({ draft, words, onChange }: Props) {
  const { t } = useTranslation()
  const now = useNow()
  const [choosing, setChoosing] = useState(false)
  const { trigger } = draft
  const set = (next: Trigger, name?: string) => onChange({ ...draft, trigger: next }, name)
  const choose = (kind: TriggerKind) => {
    setChoosing(false)
    if (kind !== trigger.kind) set(blankTrigger(kind, shanghaiDay(now)))
  }
  return (
    <>
      <Field label={t('journeys.form.start')}>
        <button
          type="button"
          className={styles.choice}
          data-on
          aria-expanded={choosing}
          onClick={() => setChoosing(!choosing)}
        >
          <Icon name={TRIGGERS.find(({ kind }) => kind === trigger.kind)?.icon ?? 'personAdd'} size={18} />
          <span>
            <b>{t(`journeys.trigger.${trigger.kind}.title`)}</b>
            <small className="soft">{t(`journeys.trigger.${trigger.kind}.why`)}</small>
          </span>
          <span className="spring" />
          <Icon name={choosing ? 'up' : 'down'} size={14} />
        </button>
      </Field>
      {choosing && (
        <div className={styles.palette}>
          <ul>
            {TRIGGERS.filter(({ kind }) => kind !== trigger.kind).map(({ kind, icon }) => (
              <li key={kind}>
                <button type="button" onClick={() => choose(kind)}>
                  <i className={styles.glyph} aria-hidden>
                    <Icon name={icon} size={16} />
                  </i>
                  <span>
                    <b>{t(`journeys.trigger.${kind}.title`)}</b>
                    <small className={`quiet small ${styles.block}`}>{t(`journeys.trigger.${kind}.why`)}</small>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      {!choosing && <Details trigger={trigger} words={words} onChange={set} />}
    </>
  )
}

function Details({
  trigger,
  words,
  onChange,
}: {
  trigger: Trigger
  words: Vocabulary
  onChange: (next: Trigger, name?: string) => void
}) {
  const { t } = useTranslation()
  const many = (
    label: string,
    value: string[],
    choices: Vocabulary['staff'],
    set: (ids: string[]) => Trigger,
    none?: string,
  ) => (
    <Field label={label}>
      <PickMany
        label={label}
        value={value}
        choices={choices}
        {...(none ? { placeholder: none } : {})}
        onChange={(ids) => onChange(set(ids))}
      />
    </Field>
  )
  switch (trigger.kind) {
    case 'friend':
      return (
        <>
          {many(
            t('journeys.form.codes'),
            trigger.channelCodeIds,
            words.codes,
            (channelCodeIds) => ({ ...trigger, channelCodeIds }),
            t('journeys.form.anyCode'),
          )}
          {many(
            t('journeys.form.staff'),
            trigger.staffIds,
            words.staff,
            (staffIds) => ({ ...trigger, staffIds }),
            t('journeys.form.anyone'),
          )}
        </>
      )
    case 'event':
      return <DeedField deed={trigger.deed} words={words} onChange={(deed) => onChange({ ...trigger, deed })} />
    case 'segment':
      return (
        <Field label={t('journeys.form.segment')}>
          <PickOne
            label={t('journeys.form.segment')}
            value={trigger.segmentId}
            choices={words.segments}
            onChange={(segmentId) => onChange({ ...trigger, segmentId: segmentId ?? '' })}
          />
        </Field>
      )
    case 'tag':
      return many(t('journeys.form.tags'), trigger.tagIds, words.tags, (tagIds) => ({ ...trigger, tagIds }))
    case 'stage':
      return many(t('journeys.form.stages'), trigger.stageIds, words.stages, (stageIds) => ({ ...trigger, stageIds }))
    case 'group':
      return many(
        t('journeys.form.groups'),
        trigger.groupChatIds,
        words.groups,
        (groupChatIds) => ({ ...trigger, groupChatIds }),
        t('journeys.form.anyGroup'),
      )
    case 'date':
      return (
        <>
          <Field label={t('journeys.form.dateField')}>
            <PickOne
              label={t('journeys.form.dateField')}
              value={trigger.fieldId}
              choices={words.fields.filter(({ kind }) => kind === 'date')}
              onChange={(fieldId) => onChange({ ...trigger, fieldId: fieldId ?? '' })}
            />
          </Field>
          <Field label={t('journeys.form.dateDays')} why={t('journeys.form.dateDaysWhy')}>
            <Line>
              <InputNumber
                min={-60}
                max={60}
                precision={0}
                style={{ width: 76 }}
                aria-label={t('journeys.form.dateDays')}
                value={trigger.days}
                onChange={(days) => days !== null && onChange({ ...trigger, days }, 'days')}
              />
              <ClockField
                label={t('journeys.form.at')}
                value={trigger.at}
                onChange={(at) => onChange({ ...trigger, at }, 'at')}
              />
            </Line>
          </Field>
        </>
      )
    case 'calendar':
      return (
        <>
          <Field label={t('journeys.form.on')}>
            <Line>
              <Input
                type="date"
                style={{ width: 150 }}
                aria-label={t('journeys.form.on')}
                value={trigger.on}
                onChange={({ target }) => target.value && onChange({ ...trigger, on: target.value }, 'on')}
              />
              <ClockField
                label={t('journeys.form.at')}
                value={trigger.at}
                onChange={(at) => onChange({ ...trigger, at }, 'at')}
              />
            </Line>
          </Field>
          <Field label={t('journeys.form.segment')}>
            <PickOne
              label={t('journeys.form.segment')}
              value={trigger.segmentId}
              choices={words.segments}
              onChange={(segmentId) => onChange({ ...trigger, segmentId: segmentId ?? '' })}
            />
          </Field>
        </>
      )
  }
}

/** What holds for the whole journey. */
export function SettingsForm({ draft, words, onChange }: Props) {
  const { t } = useTranslation()
  const { again, leaveOn, goal } = draft
  return (
    <>
      <Field label={t('journeys.form.name')}>
        <Input
          aria-label={t('journeys.form.name')}
          maxLength={40}
          value={draft.name}
          onChange={({ target }) => onChange({ ...draft, name: target.value }, 'name')}
        />
      </Field>
      <Field label={t('journeys.form.again')}>
        <Segmented
          value={again.kind}
          options={(['never', 'after'] as const).map((value) => ({ value, label: t(`journeys.form.${value}`) }))}
          onChange={(kind) =>
            onChange({ ...draft, again: kind === 'never' ? { kind } : { kind, span: { n: 30, unit: 'day' } } })
          }
        />
        {again.kind === 'after' && (
          <SpanField
            label={t('journeys.form.again')}
            value={again.span}
            onChange={(span) => onChange({ ...draft, again: { kind: 'after', span } }, 'again')}
          />
        )}
      </Field>
      <Field label={t('journeys.form.leaveOn')} why={t('journeys.form.leaveAlways')}>
        {(['reply', 'order'] as const).map((of) => (
          <Line key={of}>
            <Switch
              size="small"
              aria-label={t(of === 'reply' ? 'journeys.form.leaveReply' : 'journeys.form.leaveOrder')}
              checked={leaveOn[of]}
              onChange={(on) => onChange({ ...draft, leaveOn: { ...leaveOn, [of]: on } })}
            />
            {t(of === 'reply' ? 'journeys.form.leaveReply' : 'journeys.form.leaveOrder')}
          </Line>
        ))}
        <PickOne
          label={t('journeys.form.leaveSegment')}
          placeholder={t('journeys.form.leaveSegment')}
          clearable
          value={leaveOn.segmentId}
          choices={words.segments}
          onChange={(segmentId) => onChange({ ...draft, leaveOn: { ...leaveOn, segmentId: segmentId ?? null } })}
        />
      </Field>
      <Field label={t('journeys.form.goal')}>
        {goal === null ? (
          <Button
            size="small"
            icon={<Icon name="flag" size={13} />}
            onClick={() =>
              onChange({ ...draft, goal: { deed: { kind: 'order.paid' }, within: { n: 30, unit: 'day' } } })
            }
          >
            {t('journeys.form.goalSet')}
          </Button>
        ) : (
          <>
            <DeedField
              deed={goal.deed}
              words={words}
              onChange={(deed) => onChange({ ...draft, goal: { ...goal, deed } })}
            />
            <Line>
              <span className="soft">{t('journeys.form.goalWithin')}</span>
              <SpanField
                label={t('journeys.form.goalWithin')}
                value={goal.within}
                onChange={(within) => onChange({ ...draft, goal: { ...goal, within } }, 'goal')}
              />
              <Button size="small" type="text" onClick={() => onChange({ ...draft, goal: null })}>
                {t('journeys.form.goalNone')}
              </Button>
            </Line>
          </>
        )}
      </Field>
      <Field label={t('journeys.form.priority')} why={t('journeys.form.priorityWhy')}>
        <InputNumber
          min={1}
          max={9}
          precision={0}
          style={{ width: 76 }}
          aria-label={t('journeys.form.priority')}
          value={draft.priority}
          onChange={(priority) => priority !== null && onChange({ ...draft, priority }, 'priority')}
        />
      </Field>
      <Line>
        <Switch
          size="small"
          aria-label={t('journeys.form.workdays')}
          checked={draft.workdays}
          onChange={(workdays) => onChange({ ...draft, workdays })}
        />
        {t('journeys.form.workdays')}
      </Line>
    </>
  )
}
