import { App, Button, InputNumber, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client.ts'
import { queryClient } from '../../../api/query-client.ts'
import type { Answer } from '../../../api/types.ts'
import { Loaded } from '../../../ui/loaded.tsx'
import { sayCount } from '../../../ui/number-words.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useProblemToast } from '../../../ui/problem-toast.ts'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { NotSaved, SkeletonRows } from '../../../ui/states.tsx'
import { Ago } from '../../../ui/time.tsx'
import { languageOf } from '../../../ui/time-words.ts'
import { useCan } from '../../staff/session.ts'
import styles from './guides.module.css'

type View = Answer<'/api/guide-rule'>
type Rule = View['rule']
type Recount = NonNullable<View['recount']>

const LOCKS = ['purchase', 'add', 'visit'] as const
const DAYS_MAX = 3_650
const EVERY_MS = 1_000
const isOpen = (run: Recount | null) => run?.state === 'waiting' || run?.state === 'running'
const refresh = () => {
  for (const path of ['/api/guide-rule', '/api/orders']) void queryClient.invalidateQueries({ queryKey: ['get', path] })
}

/** Whom orders count for: the rule, what another would change, and how far a change has come. */
export function GuidesPage() {
  const { t } = useTranslation()
  const view = api.useQuery(
    'get',
    '/api/guide-rule',
    {},
    { refetchInterval: ({ state }) => (state.data && isOpen(state.data.recount) ? EVERY_MS : false) },
  )
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.settings') }]} title={t('orderWork.guides.title')} />
      <div className={styles.page}>
        <Loaded query={view} what={t('orderWork.guides.title')} skeleton={<SkeletonRows rows={4} avatar={false} />}>
          {({ rule, recount }) => (
            <div className={styles.stack}>
              {recount && <Recounting run={recount} />}
              <RulePanel key={`${rule.lockBy} ${rule.lockDays}`} rule={rule} busy={isOpen(recount)} />
              <Panel title={t('orderWork.guides.how')}>
                <ol className={styles.how}>
                  {(['named', 'held', 'friend', 'nobody'] as const).map((word) => (
                    <li key={word}>{t(`orderWork.guides.steps.${word}`)}</li>
                  ))}
                </ol>
              </Panel>
            </div>
          )}
        </Loaded>
      </div>
    </>
  )
}

function RulePanel({ rule, busy }: { rule: Rule; busy: boolean }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const mayWrite = useCan('orders.manage')
  const [draft, setDraft] = useState(rule)
  const preview = api.useMutation('post', '/api/guide-rule/preview')
  const save = api.useMutation('put', '/api/guide-rule', {
    onSuccess() {
      refresh()
      void message.success(t('orderWork.guides.saved'))
    },
  })
  const change = (next: Partial<Rule>) => {
    preview.reset() // what was counted was counted of another rule
    setDraft({ ...draft, ...next })
  }
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const isChanged = draft.lockBy !== rule.lockBy || draft.lockDays !== rule.lockDays
  const seen = preview.data
  return (
    <Panel title={t('orderWork.guides.rule')} sub={t('orderWork.guides.ruleWhy')}>
      <div className={styles.form}>
        <Radio.Group
          className={styles.choices ?? ''}
          value={draft.lockBy}
          disabled={!mayWrite}
          aria-label={t('orderWork.guides.lockBy')}
          onChange={({ target }) => change({ lockBy: target.value as Rule['lockBy'] })}
        >
          {LOCKS.map((word) => (
            <Radio key={word} value={word}>
              <b>{t(`orderWork.guides.by.${word}`)}</b>
              <small className="quiet">{t(`orderWork.guides.byWhy.${word}`)}</small>
            </Radio>
          ))}
        </Radio.Group>
        <label htmlFor="lock-days" className={styles.days}>
          <span>{t('orderWork.guides.lockDays')}</span>
          <InputNumber
            id="lock-days"
            min={0}
            max={DAYS_MAX}
            precision={0}
            style={{ width: 160 }}
            suffix={t('orderWork.guides.days')}
            disabled={!mayWrite}
            value={draft.lockDays}
            onChange={(days) => change({ lockDays: days ?? rule.lockDays })}
          />
          <small className="quiet">{t('orderWork.guides.zero')}</small>
        </label>
        {seen && (
          <p className={styles.seen} role="status">
            {t(seen.isWhole ? 'orderWork.guides.moves' : 'orderWork.guides.movesAtLeast', {
              n: count(seen.orders),
              customers: count(seen.customers),
            })}
          </p>
        )}
        {(preview.error ?? save.error) ? <NotSaved error={preview.error ?? save.error} /> : null}
        {mayWrite && (
          <div className={styles.buttons}>
            <Button loading={preview.isPending} onClick={() => preview.mutate({ body: draft })}>
              {t('orderWork.guides.preview')}
            </Button>
            <Button
              type="primary"
              disabled={!seen || busy || (!isChanged && seen.orders === 0)}
              loading={save.isPending}
              onClick={() => save.mutate({ body: draft })}
            >
              {t('orderWork.guides.save')}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  )
}

function Recounting({ run }: { run: Recount }) {
  const { t, i18n } = useTranslation()
  const onError = useProblemToast()
  const cancel = api.useMutation('post', '/api/guide-recounts/{guideRecountId}/cancel', { onError, onSuccess: refresh })
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const { guideRecountId } = run
  return (
    <Panel title={t(`orderWork.guides.state.${run.state}`)} extra={<Ago at={run.createdAt} />}>
      <div className={styles.form}>
        <ProgressBar
          label={t('bulk.column.progress')}
          done={run.done}
          total={run.total}
          said={t('orderWork.guides.progress', { done: count(run.done), total: count(run.total) })}
          failed={run.state === 'failed'}
        />
        <p className="quiet">{t('orderWork.guides.moved', { n: count(run.changed), actor: run.actor })}</p>
        {isOpen(run) && (
          <div className={styles.buttons}>
            <Button loading={cancel.isPending} onClick={() => cancel.mutate({ params: { path: { guideRecountId } } })}>
              {t('bulk.cancel')}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  )
}
