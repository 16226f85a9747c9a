import { App, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { NotSaved, SkeletonBlock } from '../../ui/states.tsx'
import { useSession } from '../staff/session.ts'
import { AfterFields } from './after-fields.tsx'
import { bodyOf, type CodeDraft, checkCode, draftOfCode, EMPTY_CODE, NAME_MAX, shownWelcome } from './draft.ts'
import { Field } from './field.tsx'
import styles from './form.module.css'
import { WelcomePreview } from './preview.tsx'
import { useCode } from './use-channels.ts'
import { WelcomePanel } from './welcome-panel.tsx'
import { WhoPanel } from './who-panel.tsx'

const STAFF_SHOWN = 200

export function NewChannelPage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const create = api.useMutation('post', '/api/channel-codes', {
    onSuccess({ channelCodeId }) {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/channel-codes'] })
      void message.success(t('channels.form.created'))
      void navigate(`/channels/${channelCodeId}`, { replace: true })
    },
  })
  return (
    <CodeForm
      title={t('channels.form.newTitle')}
      initial={EMPTY_CODE}
      submitWord={t('channels.form.create')}
      busy={create.isPending}
      error={create.error}
      onSubmit={(draft) => create.mutate({ body: bodyOf(draft) })}
      onCancel={() => void navigate('/channels')}
    />
  )
}

export function EditChannelPage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { channelCodeId = '' } = useParams()
  const navigate = useNavigate()
  const code = useCode(channelCodeId)
  const back = () => void navigate(`/channels/${channelCodeId}`)
  const edit = api.useMutation('patch', '/api/channel-codes/{channelCodeId}', {
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/channel-codes'] })
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/channel-codes/{channelCodeId}'] })
      void message.success(t('channels.form.saved'))
      back()
    },
  })
  return (
    <Loaded
      query={code}
      what={t('channels.title')}
      skeleton={
        <div style={{ padding: 20 }}>
          <SkeletonBlock height={400} />
        </div>
      }
    >
      {(data) => (
        <CodeForm
          key={data.channelCodeId}
          title={data.name}
          editing
          initial={draftOfCode(data)}
          known={data.staff}
          submitWord={t('channels.form.save')}
          busy={edit.isPending}
          error={edit.error}
          onSubmit={(draft) => {
            const { exclusive: _, ...body } = bodyOf(draft) // set once
            edit.mutate({ params: { path: { channelCodeId } }, body })
          }}
          onCancel={back}
        />
      )}
    </Loaded>
  )
}

interface FormProps {
  title: string
  editing?: boolean
  initial: CodeDraft
  /** Of the code as it is: they stay choosable even when they may no longer follow customers. */
  known?: { staffId: string; name: string }[]
  submitWord: string
  busy: boolean
  error: unknown
  onSubmit: (draft: CodeDraft) => void
  onCancel: () => void
}

function CodeForm({
  title,
  editing = false,
  initial,
  known = [],
  submitWord,
  busy,
  error,
  onSubmit,
  onCancel,
}: FormProps) {
  const { t } = useTranslation()
  const { name: me } = useSession()
  const [draft, setDraft] = useState(initial)
  const [tried, setTried] = useState(false)
  const staff = api.useQuery('get', '/api/staff', { params: { query: { limit: STAFF_SHOWN } } })
  const settings = api.useQuery('get', '/api/welcome', {})
  const put = (change: Partial<CodeDraft>) => setDraft({ ...draft, ...change })
  const faults = tried ? checkCode(draft) : {}
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(checkCode(draft)).length === 0) onSubmit(draft)
  }
  const able =
    staff.data?.items
      .filter(({ follows, leftAt }) => follows && leftAt === null)
      .map(({ staffId, name, departments }) => ({ value: staffId, label: name, quiet: departments[0]?.name })) ?? []
  const choices = [
    ...known
      .filter(({ staffId }) => !able.some(({ value }) => value === staffId))
      .map(({ staffId, name }) => ({ value: staffId, label: name, quiet: undefined })),
    ...able,
  ]
  const greeter =
    choices.find(({ value }) => value === (draft.byRoster ? draft.roster.week[0]?.staffIds : draft.staffIds)?.[0])
      ?.label ?? me
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('channels.title'), to: '/channels' }]}
        title={editing ? `${t('channels.form.editTitle')}「${title}」` : title}
      />
      <div className={styles.page}>
        <form className={styles.form} onSubmit={submit} noValidate>
          <Panel>
            <div className={styles.fields}>
              <Field
                label={t('channels.form.name')}
                htmlFor="code-name"
                hint={t('channels.form.nameHint')}
                fault={faults.name}
              >
                <Input
                  id="code-name"
                  autoFocus={!editing}
                  maxLength={NAME_MAX}
                  placeholder={t('channels.form.namePlaceholder')}
                  value={draft.name}
                  status={faults.name ? 'error' : undefined}
                  onChange={(event) => put({ name: event.target.value })}
                />
              </Field>
              <AfterFields draft={draft} faults={faults} put={put} />
            </div>
          </Panel>
          <WhoPanel
            draft={draft}
            choices={choices}
            faults={faults}
            editing={editing}
            loading={staff.isPending}
            put={put}
          />
          <WelcomePanel draft={draft} faults={faults} tried={tried} put={put} />
          {error ? (
            <Panel edge>
              <NotSaved error={error} />
            </Panel>
          ) : null}
          <div className={styles.save}>
            <Button type="primary" htmlType="submit" loading={busy}>
              {submitWord}
            </Button>
            <Button onClick={onCancel}>{t('actions.cancel')}</Button>
          </div>
        </form>
        <WelcomePreview welcome={shownWelcome(draft, settings.data?.welcome ?? null)} staffName={greeter} />
      </div>
    </>
  )
}
