import { Button, Checkbox, Drawer, Input, InputNumber, Segmented, Select, Switch } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { sayCount } from '../../ui/number-words.ts'
import { NotSaved } from '../../ui/states.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { blank, type Group, isWhole } from '../segments/rule.ts'
import { RuleBuilder } from '../segments/rule-builder.tsx'
import { useVocabulary } from '../segments/use-names.ts'
import { usePreview } from '../segments/use-preview.ts'
import { useCan } from '../staff/session.ts'
import { blankStage, COLORS, type Draft, draftOf, KINDS, toEdit } from './stage-draft.ts'
import styles from './stages.module.css'
import { type Flow, refreshBook, type Stage } from './use-stages.ts'

interface Props {
  flow: Flow
  /** None: a new one. */
  stage: Stage | undefined
  onClose: () => void
}

/** One stage: what it is called, who comes into it by itself, what a move by hand needs, and when somebody is reminded. */
export function StageDialog({ flow, stage, onClose }: Props) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState<Draft>(stage ? draftOf(stage) : blankStage)
  const save = useSave(flow, stage, onClose)
  const ready = draft.name.trim() !== '' && (!draft.rule || isWhole(draft.rule))
  const set = (to: Partial<Draft>) => setDraft({ ...draft, ...to })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready) void save.run(draft)
  }
  return (
    <Drawer open title={stage ? stage.name : t('stages.newStage')} size={560} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <Input
          aria-label={t('stages.name')}
          placeholder={t('stages.name')}
          maxLength={20}
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
        />
        <span className={styles.row}>
          <Segmented
            aria-label={t('stages.kind')}
            value={draft.kind}
            options={KINDS.map((value) => ({ value, label: t(`stages.kinds.${value}`) }))}
            onChange={(kind) => set({ kind })}
          />
          <Select
            aria-label={t('stages.color')}
            value={draft.color}
            options={COLORS.map((value) => ({ value, label: t(`stages.colors.${value}`) }))}
            onChange={(color) => set({ color })}
          />
        </span>
        <RuleFields draft={draft} onChange={set} />
        <GateFields draft={draft} onChange={set} />
        <RemindFields draft={draft} onChange={set} />
        {save.error ? <NotSaved error={save.error} /> : null}
        <Button type="primary" htmlType="submit" disabled={!ready} loading={save.isPending}>
          {t('stages.save')}
        </Button>
      </form>
    </Drawer>
  )
}

function useSave(flow: Flow, stage: Stage | undefined, onClose: () => void) {
  const [isPending, setPending] = useState(false)
  const [error, setError] = useState<unknown>()
  const create = api.useMutation('post', '/api/stage-flows/{flowId}/stages')
  const edit = api.useMutation('patch', '/api/stages/{stageId}')
  const run = async (draft: Draft) => {
    setPending(true)
    setError(undefined)
    try {
      const { name, color, kind } = draft
      const body = { name: name.trim(), color, kind }
      const made = stage ?? (await create.mutateAsync({ params: { path: { flowId: flow.flowId } }, body }))
      await edit.mutateAsync({ params: { path: { stageId: made.stageId } }, body: toEdit(draft, stage) })
      onClose()
    } catch (refusal) {
      setError(refusal)
    }
    setPending(false)
    void refreshBook()
  }
  return { run, isPending, error }
}

interface FieldsProps {
  draft: Draft
  onChange: (to: Partial<Draft>) => void
}

function RuleFields({ draft, onChange }: FieldsProps) {
  const { t, i18n } = useTranslation()
  const words = useVocabulary()
  const may = useCan('segments.write')
  const group: Group = draft.rule ?? { is: 'all', of: [blank('did')] }
  const preview = usePreview(group, may && draft.rule !== null)
  return (
    <fieldset>
      <legend>
        <Switch
          size="small"
          aria-label={t('stages.byRule')}
          checked={draft.rule !== null}
          onChange={(on) => onChange({ rule: on ? group : null })}
        />
        {t('stages.byRule')}
      </legend>
      <p className="quiet small">{t('stages.byRuleWhy')}</p>
      {draft.rule && (
        <>
          <RuleBuilder
            rule={group}
            words={words}
            alone={preview.parts.data?.alone ?? []}
            onChange={(next) => onChange({ rule: next })}
          />
          {preview.whole.data && (
            <p className="soft small">
              {t('stages.fits', { n: sayCount(preview.whole.data.members, languageOf(i18n)) })}
            </p>
          )}
          <Checkbox checked={draft.back} onChange={(event) => onChange({ back: event.target.checked })}>
            {t('stages.back')}
          </Checkbox>
        </>
      )}
    </fieldset>
  )
}

function GateFields({ draft: { gate }, onChange }: FieldsProps) {
  const { t } = useTranslation()
  const words = useVocabulary()
  const set = (to: Partial<Draft['gate']>) => onChange({ gate: { ...gate, ...to } })
  return (
    <fieldset>
      <legend>{t('stages.gate')}</legend>
      <p className="quiet small">{t('stages.gateWhy')}</p>
      <Select
        mode="multiple"
        aria-label={t('stages.gateFields')}
        placeholder={t('stages.gateFields')}
        value={gate.fieldIds}
        options={words.fields}
        showSearch={{ optionFilterProp: 'label' }}
        onChange={(fieldIds) => set({ fieldIds })}
      />
      <Select
        mode="multiple"
        aria-label={t('stages.gateTags')}
        placeholder={t('stages.gateTags')}
        value={gate.tagIds}
        options={words.tags}
        showSearch={{ optionFilterProp: 'label' }}
        onChange={(tagIds) => set({ tagIds })}
      />
      <Checkbox checked={gate.note} onChange={(event) => set({ note: event.target.checked })}>
        {t('stages.gateNote')}
      </Checkbox>
    </fieldset>
  )
}

const AFTER = { days: 3, of: 'stage', headDays: null } as const

function RemindFields({ draft: { remind }, onChange }: FieldsProps) {
  const { t } = useTranslation()
  const set = (to: Partial<NonNullable<Draft['remind']>>) => remind && onChange({ remind: { ...remind, ...to } })
  const days = (label: string, value: number | null, change: (n: number | null) => void) => (
    <InputNumber
      aria-label={label}
      min={1}
      max={365}
      precision={0}
      value={value}
      suffix={t('stages.daysUnit')}
      style={{ width: 132 }}
      onChange={change}
    />
  )
  return (
    <fieldset>
      <legend>
        <Switch
          size="small"
          aria-label={t('stages.reminding')}
          checked={remind !== null}
          onChange={(on) => onChange({ remind: on ? AFTER : null })}
        />
        {t('stages.reminding')}
      </legend>
      <p className="quiet small">{t('stages.remindingWhy')}</p>
      {remind && (
        <>
          <span className={styles.row}>
            <Select
              aria-label={t('stages.remindOf.label')}
              value={remind.of}
              popupMatchSelectWidth={false}
              options={(['stage', 'silence'] as const).map((value) => ({
                value,
                label: t(`stages.remindOf.${value}`),
              }))}
              onChange={(of) => set({ of })}
            />
            {days(t('stages.remindDays'), remind.days, (n) => n && set({ days: n }))}
          </span>
          <span className={styles.row}>
            {t('stages.thenHead')}
            {days(t('stages.thenHead'), remind.headDays, (headDays) => set({ headDays }))}
          </span>
        </>
      )}
    </fieldset>
  )
}
