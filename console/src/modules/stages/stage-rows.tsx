import { Button, Dropdown, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { fromRule } from '../segments/rule.ts'
import { sayRule } from '../segments/say-rule.ts'
import { useVocabulary } from '../segments/use-names.ts'
import { StageMark, shareOf } from './stage-mark.tsx'
import styles from './stages.module.css'
import { type Flow, refreshBook, refreshMoved, type Stage } from './use-stages.ts'

interface Props {
  flow: Flow
  mayWrite: boolean
  onEdit: (stage: Stage) => void
}

export function StageRows({ flow, mayWrite, onEdit }: Props) {
  const { t } = useTranslation()
  const words = useVocabulary()
  const ids = flow.stages.map((stage) => stage.stageId)
  const sayRemind = ({ remind }: Stage) =>
    remind
      ? t(`stages.remind.${remind.of}`, { n: remind.days }) +
        (remind.headDays === null ? '' : t('stages.remind.head', { n: remind.headDays }))
      : '—'
  const sayHow = (stage: Stage) => (stage.rule ? sayRule(fromRule(stage.rule), t, words.names) : t('stages.byHandOnly'))
  const gated = ({ gate }: Stage) => gate.fieldIds.length + gate.tagIds.length > 0 || gate.note
  const menu = (stage: Stage) => mayWrite && <StageMenu flow={flow} stage={stage} onEdit={onEdit} />
  const columns: Column<Stage>[] = [
    {
      key: 'name',
      title: t('stages.column.stage'),
      width: '26%',
      cell: (stage) => (
        <span className={styles.named}>
          <StageMark name={stage.name} color={stage.color} share={shareOf(ids, stage.stageId)} />
          {stage.kind !== 'open' && <small className="quiet">{t(`stages.kinds.${stage.kind}`)}</small>}
          {gated(stage) && <small className="quiet">{t('stages.gated')}</small>}
        </span>
      ),
    },
    {
      key: 'how',
      title: t('stages.column.how'),
      cell: (stage) => (
        <span className="soft" title={sayHow(stage)}>
          {sayHow(stage)}
        </span>
      ),
    },
    {
      key: 'remind',
      title: t('stages.column.remind'),
      width: '26%',
      cell: (stage) => <span title={sayRemind(stage)}>{sayRemind(stage)}</span>,
    },
    { key: 'act', title: t('stages.column.act'), width: 64, align: 'right', cell: menu },
  ]
  return (
    <ListTable
      rows={flow.stages}
      columns={columns}
      rowKey={(stage) => stage.stageId}
      label={flow.name}
      minWidth={560}
      card={(stage) => (
        <span className={styles.stageCard}>
          <span>
            <StageMark name={stage.name} color={stage.color} share={shareOf(ids, stage.stageId)} />
            <small className="quiet">{sayRemind(stage)}</small>
          </span>
          {menu(stage)}
        </span>
      )}
    />
  )
}

function StageMenu({ flow, stage, onEdit }: { flow: Flow; stage: Stage; onEdit: (stage: Stage) => void }) {
  const { t } = useTranslation()
  const onError = useProblemToast()
  const [removing, setRemoving] = useState(false)
  const order = api.useMutation('put', '/api/stage-flows/{flowId}/order', { onError, onSuccess: refreshBook })
  const ids = flow.stages.map((one) => one.stageId)
  const place = ids.indexOf(stage.stageId)
  const move = (step: number) =>
    order.mutate({
      params: { path: { flowId: flow.flowId } },
      body: { stageIds: ids.toSpliced(place, 1).toSpliced(place + step, 0, stage.stageId) },
    })
  const items = [
    { key: 'edit', label: t('stages.edit'), onClick: () => onEdit(stage) },
    { key: 'up', label: t('stages.up'), disabled: place === 0, onClick: () => move(-1) },
    { key: 'down', label: t('stages.down'), disabled: place === ids.length - 1, onClick: () => move(1) },
    {
      key: 'remove',
      label: t('stages.remove'),
      danger: true,
      disabled: ids.length === 1,
      onClick: () => setRemoving(true),
    },
  ]
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items }}>
        <Button
          size="small"
          type="text"
          icon={<Icon name="more" size={16} label={`${stage.name} ${t('actions.more')}`} />}
        />
      </Dropdown>
      {removing && <RemoveDialog flow={flow} stage={stage} onClose={() => setRemoving(false)} />}
    </>
  )
}

const OUT = 'out'

function RemoveDialog({ flow, stage, onClose }: { flow: Flow; stage: Stage; onClose: () => void }) {
  const { t } = useTranslation()
  const onError = useProblemToast()
  const others = flow.stages.filter((one) => one.stageId !== stage.stageId)
  const [moveTo, setMoveTo] = useState(others[0]?.stageId ?? OUT)
  const remove = api.useMutation('post', '/api/stages/{stageId}/removal', {
    onError,
    onSuccess() {
      void refreshBook()
      refreshMoved()
      onClose()
    },
  })
  return (
    <Modal
      open
      title={t('stages.removeTitle', { name: stage.name })}
      okText={t('stages.remove')}
      okButtonProps={{ danger: true }}
      cancelText={t('stages.keep')}
      confirmLoading={remove.isPending}
      onCancel={onClose}
      onOk={() =>
        remove.mutate({
          params: { path: { stageId: stage.stageId } },
          body: { moveTo: moveTo === OUT ? null : moveTo },
        })
      }
      width={400}
    >
      <p>{t('stages.removeWhy')}</p>
      <Select
        style={{ width: '100%', marginTop: 12 }}
        aria-label={t('stages.removeTo')}
        value={moveTo}
        onChange={setMoveTo}
        options={[
          ...others.map((one) => ({ value: one.stageId, label: t('stages.goTo', { name: one.name }) })),
          { value: OUT, label: t('stages.goOut') },
        ]}
      />
    </Modal>
  )
}
