import { App, Button, Segmented } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { NotSaved, SkeletonBlock } from '../../ui/states.tsx'
import { languageOf, saySpan } from '../../ui/time-words.ts'
import { useCan, useSession } from '../staff/session.ts'
import { checkWelcome, draftOfWelcome, welcomeOf } from './draft.ts'
import styles from './form.module.css'
import { WelcomePreview } from './preview.tsx'
import { WelcomeFields } from './welcome-fields.tsx'

/** The welcome of everybody no code greets. */
export function WelcomePage() {
  const { t } = useTranslation()
  const settings = api.useQuery('get', '/api/welcome', {})
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('channels.title'), to: '/channels' }]}
        title={t('channels.welcomeTitle')}
        meta={t('channels.welcomeMeta')}
      />
      <Loaded
        query={settings}
        what={t('channels.welcomeTitle')}
        skeleton={
          <div style={{ padding: 20 }}>
            <SkeletonBlock height={300} />
          </div>
        }
      >
        {(data) => <WelcomeForm settings={data} />}
      </Loaded>
    </>
  )
}

function WelcomeForm({ settings }: { settings: Answer<'/api/welcome'> }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const { name } = useSession()
  const mayWrite = useCan('channels.write')
  const [on, setOn] = useState(settings.welcome !== null)
  const [welcome, setWelcome] = useState(draftOfWelcome(settings.welcome))
  const [tried, setTried] = useState(false)
  const save = api.useMutation('put', '/api/welcome', {
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/welcome'] })
      void message.success(t('channels.welcomeSaved'))
    },
  })
  const faults = on && tried ? checkWelcome(welcome) : {}
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (on && Object.keys(checkWelcome(welcome)).length > 0) return
    save.mutate({ body: { welcome: on ? welcomeOf(welcome) : null } })
  }
  const { sent, failed, medianMs } = settings.last7Days
  return (
    <div className={styles.page}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <Panel
          title={t('channels.welcome')}
          extra={
            mayWrite && (
              <Segmented
                size="small"
                value={on ? 'on' : 'off'}
                options={[
                  { value: 'on', label: t('channels.welcomeOn') },
                  { value: 'off', label: t('channels.welcomeOff') },
                ]}
                onChange={(value) => setOn(value === 'on')}
              />
            )
          }
        >
          <div className={styles.fields}>
            {on ? (
              <fieldset disabled={!mayWrite} style={{ border: 0, padding: 0, margin: 0, display: 'grid', gap: 16 }}>
                <WelcomeFields welcome={welcome} onChange={setWelcome} faults={faults} />
              </fieldset>
            ) : (
              <p className="soft">{t('channels.welcomeOffWhy')}</p>
            )}
            <p className="hint small quiet">{t('channels.welcomeRule')}</p>
            <p className="small soft">
              {t('channels.welcomeStats', { sent, failed })}
              {medianMs !== null && `，${t('channels.welcomeMedian', { span: saySpan(medianMs, languageOf(i18n)) })}`}
            </p>
          </div>
        </Panel>
        {save.error && (
          <Panel edge>
            <NotSaved error={save.error} />
          </Panel>
        )}
        {mayWrite && (
          <div className={styles.save}>
            <Button type="primary" htmlType="submit" loading={save.isPending}>
              {t('channels.form.save')}
            </Button>
          </div>
        )}
      </form>
      <WelcomePreview welcome={on ? welcome : { text: '', attachments: [] }} staffName={name} />
    </div>
  )
}
