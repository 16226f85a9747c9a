import { App, Button, Checkbox, Input, InputNumber, Modal, Segmented, Select } from 'antd'
import type { TFunction } from 'i18next'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client.ts'
import { queryClient } from '../../../api/query-client.ts'
import { Icon } from '../../../ui/icon.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useProblemToast } from '../../../ui/problem-toast.ts'
import { EmptyState, NotSaved, SkeletonRows } from '../../../ui/states.tsx'
import { useCan } from '../../staff/session.ts'
import styles from './radar.module.css'
import { type ReadingRule, useReadingRules } from './use-radar.ts'

const refresh = () =>
  void queryClient.invalidateQueries({ queryKey: ['get', '/api/radar/materials/{materialId}/rules'] })

interface Of {
  materialId: string
  title: string
  kind: string
}

/** What happens by itself to whoever reads enough of it: points, and something to do for his member. */
export function ReadingRules({ materialId, title, kind }: Of) {
  const { t } = useTranslation()
  const rules = useReadingRules(materialId)
  const [isAdding, setAdding] = useState(false)
  const mayWrite = useMayWrite()
  const add = mayWrite && (
    <Button size="small" icon={<Icon name="plus" size={14} />} onClick={() => setAdding(true)}>
      {t('radar.acts.add')}
    </Button>
  )
  return (
    <Panel title={t('radar.acts.title')} sub={t('radar.acts.sub')} extra={add}>
      <Loaded query={rules} what={t('radar.acts.title')} skeleton={<SkeletonRows rows={2} avatar={false} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState small icon="check" title={t('radar.acts.none')} why={t('radar.acts.noneWhy')} />
          ) : (
            <ul className={styles.acts}>
              {items.map((rule) => (
                <RuleLine key={rule.ruleId} rule={rule} mayStop={mayWrite} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {isAdding && <RuleDialog materialId={materialId} title={title} kind={kind} onClose={() => setAdding(false)} />}
    </Panel>
  )
}

/** A rule is a segment of its own: whoever makes none has no rule either. */
function useMayWrite(): boolean {
  const [content, segments] = [useCan('content.write'), useCan('segments.write')]
  return content && segments
}

const sayAsk = ({ asks, atLeast }: Pick<ReadingRule, 'asks' | 'atLeast'>, t: TFunction): string =>
  t(`radar.acts.ask.${asks}`, { n: atLeast })

function RuleLine({ rule, mayStop }: { rule: ReadingRule; mayStop: boolean }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const onError = useProblemToast()
  const stop = api.useMutation('delete', '/api/radar/rules/{readingRuleId}', { onSuccess: refresh, onError })
  const ask = () =>
    modal.confirm({
      title: t('radar.acts.stopTitle', { ask: sayAsk(rule, t) }),
      content: t('radar.acts.stopWhat'),
      okText: t('radar.acts.stop'),
      cancelText: t('actions.cancel'),
      onOk: () => stop.mutateAsync({ params: { path: { readingRuleId: rule.ruleId } } }),
    })
  const does = [
    rule.points !== 0 && t('radar.acts.points', { n: `${rule.points > 0 ? '+' : ''}${rule.points}` }),
    rule.task && t('radar.acts.task', { title: rule.task.title, hours: rule.task.hours }),
  ].filter(Boolean)
  return (
    <li>
      <span>
        <b>{sayAsk(rule, t)}</b>
        {rule.materialId === null && <small>{t('radar.acts.any')}</small>}
      </span>
      <span>{does.join(t('radar.acts.and'))}</span>
      <small>
        {rule.isReady ? t('radar.acts.met', { n: rule.met, by: rule.createdBy }) : t('radar.acts.building')}
      </small>
      {mayStop && (
        <Button size="small" type="text" loading={stop.isPending} onClick={ask}>
          {t('radar.acts.stop')}
        </Button>
      )}
    </li>
  )
}

/** What the numbers begin with. */
const FIRST = { opens: 3, seconds: 60, depth: 80, page: 3, forwarded: 1 } as const
const MOST = { opens: 100, seconds: 14_400, depth: 100, page: 300, forwarded: 100 } as const
type Asks = keyof typeof FIRST

const asksOf = (kind: string): Asks[] =>
  (Object.keys(FIRST) as Asks[]).filter(
    (ask) =>
      (ask !== 'page' || kind === 'pdf') && (ask !== 'depth' || !['link', 'product', 'mini_program'].includes(kind)),
  )

function RuleDialog({ materialId, title, kind, onClose }: Of & { onClose: () => void }) {
  const { t } = useTranslation()
  const id = useId()
  const mayAssign = useCan('tasks.assign')
  const [where, setWhere] = useState<'this' | 'any'>('this')
  const [asks, setAsks] = useState<Asks>('opens')
  const [atLeast, setAtLeast] = useState<number>(FIRST.opens)
  const [points, setPoints] = useState<number>(10)
  const [hasTask, setHasTask] = useState(false)
  const [task, setTask] = useState('')
  const [hours, setHours] = useState(24)
  const add = api.useMutation('post', '/api/radar/rules', {
    onSuccess() {
      refresh()
      onClose()
    },
  })
  const ready = (points !== 0 || hasTask) && (!hasTask || task.trim() !== '')
  const save = () =>
    add.mutate({
      body: {
        materialId: where === 'this' ? materialId : null,
        asks,
        atLeast,
        points,
        task: hasTask ? { title: task.trim(), note: '', hours } : null,
      },
    })
  return (
    <Modal
      open
      title={t('radar.acts.new')}
      okText={t('radar.acts.save')}
      cancelText={t('actions.cancel')}
      okButtonProps={{ disabled: !ready, loading: add.isPending }}
      onOk={save}
      onCancel={onClose}
    >
      <div className={styles.form}>
        <Segmented
          aria-label={t('radar.acts.where')}
          value={where}
          options={[
            {
              value: 'this',
              label: t('radar.acts.this', { title: title.length > 12 ? `${title.slice(0, 12)}…` : title }),
            },
            { value: 'any', label: t('radar.acts.any') },
          ]}
          onChange={setWhere}
        />
        <div className={styles.row}>
          <Select
            aria-label={t('radar.acts.when')}
            value={asks}
            options={asksOf(kind).map((value) => ({ value, label: t(`radar.acts.name.${value}`) }))}
            onChange={(next: Asks) => {
              setAsks(next)
              setAtLeast(FIRST[next])
            }}
          />
          <InputNumber
            aria-label={t('radar.acts.atLeast')}
            min={1}
            max={MOST[asks]}
            precision={0}
            value={atLeast}
            onChange={(n) => setAtLeast(n ?? 1)}
            suffix={t(`radar.acts.unit.${asks}`)}
          />
        </div>
        <div className={styles.row}>
          <label htmlFor={`${id}-points`}>{t('radar.acts.give')}</label>
          <InputNumber
            id={`${id}-points`}
            min={-100}
            max={100}
            precision={0}
            value={points}
            onChange={(n) => setPoints(n ?? 0)}
            suffix={t('radar.acts.pointsUnit')}
          />
        </div>
        {mayAssign && (
          <Checkbox checked={hasTask} onChange={(event) => setHasTask(event.target.checked)}>
            {t('radar.acts.hasTask')}
          </Checkbox>
        )}
        {hasTask && (
          <>
            <Input
              aria-label={t('radar.acts.taskTitle')}
              placeholder={t('radar.acts.taskHint')}
              maxLength={40}
              value={task}
              onChange={(event) => setTask(event.target.value)}
            />
            <div className={styles.row}>
              <label htmlFor={`${id}-hours`}>{t('radar.acts.within')}</label>
              <InputNumber
                id={`${id}-hours`}
                min={1}
                max={720}
                precision={0}
                value={hours}
                onChange={(n) => setHours(n ?? 24)}
                suffix={t('radar.acts.hoursUnit')}
              />
            </div>
          </>
        )}
        <p className={styles.note}>{t('radar.acts.note')}</p>
        {add.error && <NotSaved error={add.error} />}
      </div>
    </Modal>
  )
}
