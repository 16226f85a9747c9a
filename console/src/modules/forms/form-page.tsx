import { App, Button, Dropdown, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { api } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SkeletonBlock } from '../../ui/states.tsx'
import { useCan } from '../staff/session.ts'
import { AnswersTab } from './answers-tab.tsx'
import { Builder } from './builder.tsx'
import { State } from './forms-page.tsx'
import { LinksTab } from './links-tab.tsx'
import { type Form, refreshForms, useForm } from './use-forms.ts'

const TABS = ['edit', 'links', 'answers'] as const
type Tab = (typeof TABS)[number]

/** One form: what it asks, where it is given out, what came back. */
export function FormPage({ tab }: { tab: Tab }) {
  const { t } = useTranslation()
  const { formId = '' } = useParams()
  const form = useForm(formId)
  return (
    <Loaded query={form} what={t('forms.one')} skeleton={<SkeletonBlock height={320} />}>
      {(data) =>
        tab === 'edit' ? (
          <Builder key={data.formId} form={data} head={(buttons) => <Head form={data} tab={tab} buttons={buttons} />} />
        ) : (
          <>
            <Head form={data} tab={tab} />
            {tab === 'links' ? <LinksTab form={data} /> : <AnswersTab form={data} />}
          </>
        )
      }
    </Loaded>
  )
}

function Head({ form, tab, buttons }: { form: Form; tab: Tab; buttons?: React.ReactNode }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <PageHeader
      crumbs={[{ label: t('forms.title'), to: '/content/forms' }]}
      title={form.title}
      meta={<State row={form} />}
    >
      <Segmented<Tab>
        aria-label={t('forms.tabs')}
        value={tab}
        options={TABS.map((value) => ({ value, label: t(`forms.tab.${value}`) }))}
        onChange={(next) => void navigate(`/content/forms/${form.formId}${next === 'edit' ? '' : `/${next}`}`)}
      />
      <More form={form} />
      {buttons}
    </PageHeader>
  )
}

/** Closing, opening again, copying. */
function More({ form }: { form: Form }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const refused = useProblemToast()
  const mayWrite = useCan('content.write')
  const setState = api.useMutation('put', '/api/forms/{formId}/state', {
    onSuccess(_, { body }) {
      refreshForms()
      void message.success(t(body.open ? 'forms.opened' : 'forms.closed'))
    },
    onError: refused,
  })
  const copy = api.useMutation('post', '/api/forms', {
    onSuccess({ formId }) {
      refreshForms()
      void navigate(`/content/forms/${formId}`)
    },
    onError: refused,
  })
  if (!mayWrite) return null
  const path = { formId: form.formId }
  const turn = (open: boolean) => () => setState.mutate({ params: { path }, body: { open } })
  const items = [
    ...(form.state === 'open' ? [{ key: 'close', label: t('forms.close'), onClick: turn(false) }] : []),
    ...(form.state === 'closed' ? [{ key: 'open', label: t('forms.open'), onClick: turn(true) }] : []),
    { key: 'copy', label: t('forms.copy'), onClick: () => copy.mutate({ body: { copyOf: form.formId } }) },
  ]
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button aria-label={t('forms.more')} icon={<Icon name="more" size={16} />} />
    </Dropdown>
  )
}
