import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { useNow } from '../../ui/clock.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { NotSaved, SkeletonBlock } from '../../ui/states.tsx'
import { languageOf, sayMoment } from '../../ui/time-words.ts'
import { useCan } from '../staff/session.ts'
import { CapsPanel } from './caps-panel.tsx'
import { HoursPanel } from './hours-panel.tsx'
import { LimitsPanel } from './limits-panel.tsx'
import { ReplayPanel } from './replay-panel.tsx'
import { TextsPanel } from './texts-panel.tsx'
import { TopicsPanel } from './topics-panel.tsx'
import styles from './touches.module.css'
import { type Policy, usePolicy } from './use-touches.ts'

/** How often, when and with whose consent customers may be reached; tried on the past before it holds. */
export function PolicyPage() {
  const { t } = useTranslation()
  const policy = usePolicy()
  return (
    <Loaded query={policy} what={t('touches.policy')} skeleton={<SkeletonBlock height={400} />}>
      {(data) => <Editor key={data.version} held={data} />}
    </Loaded>
  )
}

function Editor({ held }: { held: Answer<'/api/touch-policy'> }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const now = useNow()
  const mayWrite = useCan('touches.govern')
  const { version, savedBy, savedAt, ...saved } = held
  const [changed, setChanged] = useState<Policy>()
  const policy = changed ?? saved
  const change = (to: Partial<Policy>) => setChanged({ ...policy, ...to })
  const save = api.useMutation('put', '/api/touch-policy', {
    async onSuccess() {
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/touch-policy'] })
      void message.success(t('touches.saved'))
    },
  })
  const given = { policy, mayWrite, onChange: change }
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('nav.settings') }]}
        title={t('touches.policy')}
        meta={
          savedAt && savedBy
            ? t('touches.savedBy', { who: savedBy, when: sayMoment(new Date(savedAt), now, languageOf(i18n)), version })
            : t('touches.usual')
        }
      >
        {mayWrite && changed && <Button onClick={() => setChanged(undefined)}>{t('touches.reset')}</Button>}
        {mayWrite && (
          <Button
            type="primary"
            disabled={!changed}
            loading={save.isPending}
            onClick={() => save.mutate({ body: { ...policy, version } })}
          >
            {t('touches.save')}
          </Button>
        )}
      </PageHeader>
      <div className={styles.editor}>
        <div className={styles.column}>
          {save.error ? <NotSaved error={save.error} /> : null}
          <CapsPanel {...given} />
          <HoursPanel {...given} />
          <TopicsPanel {...given} />
          <LimitsPanel {...given} />
        </div>
        <div className={styles.column}>
          {mayWrite && <ReplayPanel policy={policy} />}
          <TextsPanel mayWrite={mayWrite} />
        </div>
      </div>
    </>
  )
}
