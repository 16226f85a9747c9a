import { Button, Input, Select } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './stages.module.css'
import { type Stage, useStageBook } from './use-stages.ts'

export interface Chosen {
  stage: Stage
  reason: string
  lostReasonId: string | undefined
}

interface Props {
  /** Fixed, where it was dropped there already. */
  to?: Stage | undefined
  /** Where he stands, a stage a flow. */
  from?: readonly string[]
  action: string
  isPending: boolean
  onMove: (chosen: Chosen) => void
}

/** Where to, why, and of a loss the reason. */
export function MoveForm({ to, from = [], action, isPending, onMove }: Props) {
  const { t } = useTranslation()
  const { data: book } = useStageBook()
  const [stageId, setStageId] = useState(to?.stageId)
  const [reason, setReason] = useState('')
  const [lostReasonId, setLostReasonId] = useState<string>()
  const flows = book?.flows ?? []
  const stage = to ?? flows.flatMap((flow) => flow.stages).find((one) => one.stageId === stageId)
  const reasons = book?.lostReasons ?? []
  const asksWhy = stage?.kind === 'lost' && reasons.length > 0
  const ready = stage !== undefined && (!asksWhy || lostReasonId !== undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (stage && ready) onMove({ stage, reason: reason.trim(), lostReasonId: asksWhy ? lostReasonId : undefined })
  }
  return (
    <form className={styles.moveForm} onSubmit={submit}>
      {!to && (
        <Select
          aria-label={t('stages.to')}
          placeholder={t('stages.to')}
          value={stageId ?? null}
          onChange={setStageId}
          options={flows.map((flow) => ({
            label: flow.name,
            title: flow.name,
            options: flow.stages.map((one) => ({
              value: one.stageId,
              label: one.name,
              disabled: from.includes(one.stageId),
            })),
          }))}
        />
      )}
      {asksWhy && (
        <Select
          aria-label={t('stages.lostReason')}
          placeholder={t('stages.lostReason')}
          value={lostReasonId ?? null}
          onChange={setLostReasonId}
          options={reasons.map((one) => ({ value: one.lostReasonId, label: one.name }))}
        />
      )}
      <Input
        aria-label={t('stages.reason')}
        placeholder={t('stages.reason')}
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button type="primary" htmlType="submit" block disabled={!ready} loading={isPending}>
        {action}
      </Button>
    </form>
  )
}
