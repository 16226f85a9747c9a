import { App, Button, Input, Select } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, fetchClient } from '../../../api/client.ts'
import { queryClient } from '../../../api/query-client.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useProblemToast } from '../../../ui/problem-toast.ts'
import { NotSaved } from '../../../ui/states.tsx'
import { AfterFields } from '../after-fields.tsx'
import { bodyOf, type CodeDraft, checkCode, draftOfCode, EMPTY_CODE, type Faults } from '../draft.ts'
import { Field } from '../field.tsx'
import styles from '../form.module.css'
import { WelcomePanel } from '../welcome-panel.tsx'
import { BatchPreview } from './batch-preview.tsx'

const CHOICES = 200
const CODES = 100
const ACTIVITY_MAX = 20
const TEMPLATE_MAX = 60
const TEMPLATE = '{成员}·{活动}'
const VARIABLES = ['成员', '活动', '部门'] as const

export interface Picking {
  staffIds: string[]
  departmentIds: string[]
  activity: string
  nameTemplate: string
}
const NOBODY: Picking = { staffIds: [], departmentIds: [], activity: '', nameTemplate: TEMPLATE }

type Fault = Faults[string]
const fault = (word: Fault['word']): Fault => ({ word, names: '' })

function checkPicking({ staffIds, departmentIds, activity, nameTemplate }: Picking): Faults {
  return {
    ...(staffIds.length + departmentIds.length === 0 ? { staffIds: fault('needStaff') } : {}),
    ...(activity.trim() === '' ? { activity: fault('needName') } : {}),
    ...(nameTemplate.includes('{成员}') ? {} : { nameTemplate: fault('needMember') }),
  }
}

/** The draft has neither name nor people of its own: they are given per person. */
function checkAfter(draft: CodeDraft): Faults {
  const { name: _, staffIds: __, roster: ___, ...faults } = checkCode(draft)
  return faults
}

/** One code for each of many people: who, what for, and what happens to whoever scans. */
export function BatchFormPage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const [picking, setPicking] = useState(NOBODY)
  const [draft, setDraft] = useState<CodeDraft>(EMPTY_CODE)
  const [tried, setTried] = useState(false)
  const start = api.useMutation('post', '/api/code-batches', {
    onSuccess({ codeBatchId }) {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/code-batches'] })
      void message.success(t('channels.batch.started'))
      void navigate(`/channels/batches/${codeBatchId}`, { replace: true })
    },
  })
  const put = (change: Partial<CodeDraft>) => setDraft({ ...draft, ...change })
  const faults = tried ? { ...checkAfter(draft), ...checkPicking(picking) } : {}
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys({ ...checkAfter(draft), ...checkPicking(picking) }).length > 0) return
    const { name: _, staffIds: __, roster: ___, ...after } = bodyOf(draft)
    start.mutate({ body: { ...after, ...picking } })
  }
  return (
    <>
      <PageHeader crumbs={[{ label: t('channels.title'), to: '/channels' }]} title={t('channels.batch.action')} />
      <div className={styles.page}>
        <form className={styles.form} onSubmit={submit} noValidate>
          <Panel title={t('channels.batch.who')}>
            <div className={styles.fields}>
              <PickFields picking={picking} faults={faults} put={(to) => setPicking({ ...picking, ...to })} />
            </div>
          </Panel>
          <Panel title={t('channels.after')} extra={<FromCode onPick={setDraft} />}>
            <div className={styles.fields}>
              <AfterFields draft={draft} faults={faults} put={put} />
            </div>
          </Panel>
          <WelcomePanel draft={draft} faults={faults} tried={tried} put={put} />
          {start.error ? (
            <Panel edge>
              <NotSaved error={start.error} />
            </Panel>
          ) : null}
          <div className={styles.save}>
            <Button type="primary" htmlType="submit" loading={start.isPending}>
              {t('channels.batch.start')}
            </Button>
            <Button onClick={() => void navigate('/channels')}>{t('actions.cancel')}</Button>
          </div>
        </form>
        <BatchPreview picking={picking} />
      </div>
    </>
  )
}

function PickFields({
  picking,
  faults,
  put,
}: {
  picking: Picking
  faults: Faults
  put: (change: Partial<Picking>) => void
}) {
  const { t } = useTranslation()
  const departments = api.useQuery('get', '/api/departments', {})
  const staff = api.useQuery('get', '/api/staff', { params: { query: { limit: CHOICES } } })
  return (
    <>
      <Field
        label={t('channels.batch.departments')}
        htmlFor="batch-departments"
        hint={t('channels.batch.departmentsHint')}
      >
        <Select
          id="batch-departments"
          mode="multiple"
          optionFilterProp="label"
          loading={departments.isPending}
          value={picking.departmentIds}
          onChange={(departmentIds) => put({ departmentIds })}
          options={departments.data?.map(({ departmentId, name }) => ({ value: departmentId, label: name }))}
        />
      </Field>
      <Field label={t('channels.batch.staff')} htmlFor="batch-staff" fault={faults.staffIds}>
        <Select
          id="batch-staff"
          mode="multiple"
          optionFilterProp="label"
          loading={staff.isPending}
          value={picking.staffIds}
          onChange={(staffIds) => put({ staffIds })}
          options={staff.data?.items
            .filter(({ leftAt }) => leftAt === null)
            .map(({ staffId, name }) => ({ value: staffId, label: name }))}
        />
      </Field>
      <Field
        label={t('channels.batch.activity')}
        htmlFor="batch-activity"
        hint={t('channels.batch.activityHint')}
        fault={faults.activity}
      >
        <Input
          id="batch-activity"
          maxLength={ACTIVITY_MAX}
          placeholder={t('channels.batch.activityPlaceholder')}
          value={picking.activity}
          onChange={(event) => put({ activity: event.target.value })}
        />
      </Field>
      <Field
        label={t('channels.batch.template')}
        htmlFor="batch-template"
        hint={t('channels.batch.templateHint')}
        fault={faults.nameTemplate}
      >
        <Input
          id="batch-template"
          maxLength={TEMPLATE_MAX}
          value={picking.nameTemplate}
          onChange={(event) => put({ nameTemplate: event.target.value })}
        />
        <div className={styles.under}>
          <span className="quiet">{t('channels.form.insert')}</span>
          {VARIABLES.map((name) => (
            <button
              key={name}
              type="button"
              className={styles.slot}
              onClick={() => put({ nameTemplate: `${picking.nameTemplate}{${name}}` })}
            >
              {name}
            </button>
          ))}
        </div>
      </Field>
    </>
  )
}

/** Fills the rest as another code has it. */
function FromCode({ onPick }: { onPick: (draft: CodeDraft) => void }) {
  const { t } = useTranslation()
  const onError = useProblemToast()
  const codes = api.useQuery('get', '/api/channel-codes', { params: { query: { limit: CODES } } })
  const pick = async (channelCodeId: string) => {
    const { data, error } = await fetchClient.GET('/api/channel-codes/{channelCodeId}', {
      params: { path: { channelCodeId } },
    })
    if (data) onPick(draftOfCode(data))
    else onError(error)
  }
  if (!codes.data || codes.data.items.length === 0) return null
  return (
    <Select
      size="small"
      showSearch
      optionFilterProp="label"
      popupMatchSelectWidth={false}
      placeholder={t('channels.batch.fromCode')}
      aria-label={t('channels.batch.fromCode')}
      value={null}
      onChange={(id: string | null) => id && void pick(id)}
      options={codes.data.items.map(({ channelCodeId, name }) => ({ value: channelCodeId, label: name }))}
    />
  )
}
