import { keepPreviousData } from '@tanstack/react-query'
import { App, Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { api, fetchClient } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { NotSaved, SkeletonBlock } from '../../ui/states.tsx'
import { useKept } from '../segments/use-kept.ts'
import { useSettled } from '../segments/use-preview.ts'
import { useCan } from '../staff/session.ts'
import { AudienceFields } from './audience-fields.tsx'
import styles from './broadcasts.module.css'
import { FunnelPanel } from './funnel-panel.tsx'
import { PhonePreview } from './phone-preview.tsx'
import { SayFields } from './say-fields.tsx'
import { SendFields } from './send-fields.tsx'
import { TryDialog } from './try-dialog.tsx'
import { type Broadcast, type Draft, refreshBroadcasts } from './use-broadcasts.ts'

const STEPS = ['who', 'what', 'how'] as const
type Step = (typeof STEPS)[number]
const AGAIN_MS = 20_000

const EMPTY: Draft = {
  name: '',
  topic: '营销',
  priority: 5,
  holdout: 0,
  audience: { include: [], exclude: [] },
  variants: [{ weight: 1, text: '', materialIds: [] }],
  senders: { kind: 'recent' },
  schedule: { kind: 'now' },
  windowDays: 7,
}

export function NewBroadcastPage() {
  return <Editor saved={undefined} />
}

export function EditBroadcastPage() {
  const { t } = useTranslation()
  const { broadcastId = '' } = useParams()
  const query = api.useQuery('get', '/api/broadcasts/{broadcastId}', { params: { path: { broadcastId } } })
  return (
    <Loaded query={query} what={t('broadcasts.title')} skeleton={<SkeletonBlock height={400} />}>
      {(saved) => <Editor key={`${saved.broadcastId} ${saved.version}`} saved={saved} />}
    </Loaded>
  )
}

const draftOf = ({
  name,
  topic,
  priority,
  holdout,
  audience,
  variants,
  senders,
  schedule,
  windowDays,
}: Broadcast): Draft => ({
  ...{ name, topic, priority, holdout, audience, variants, senders, schedule, windowDays },
})

function Editor({ saved }: { saved: Broadcast | undefined }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { message, modal } = App.useApp()
  const onError = useProblemToast()
  const mayWrite = useCan('broadcasts.write') && (saved === undefined || saved.state === 'draft')
  const start = saved ? draftOf(saved) : EMPTY
  const [draft, setDraft] = useState(start)
  const [step, setStep] = useState<Step>('who')
  const [variant, setVariant] = useState(0)
  const [trying, setTrying] = useState(false)
  const [requestKey] = useState(() => crypto.randomUUID())
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<unknown>()
  const isChanged = JSON.stringify(draft) !== JSON.stringify(start)
  useKept(isChanged && !busy)
  const { preview, ready } = usePreview(draft, saved?.broadcastId)
  const written = draft.variants.every(
    ({ text = '', materialIds = [] }) => text.trim() !== '' || materialIds.length > 0,
  )
  const whole = draft.name.trim() !== '' && ready && written

  /** Keeps what is written; returns what it is kept as. */
  const keep = async (): Promise<{ broadcastId: string; version: number } | undefined> => {
    if (!saved) {
      const made = await fetchClient.POST('/api/broadcasts', { body: { ...draft, requestKey } })
      if (made.error) return void setFailed(made.error)
      return { broadcastId: made.data.broadcastId, version: 1 }
    }
    const { broadcastId, version } = saved
    if (!isChanged) return { broadcastId, version }
    const edited = await fetchClient.PUT('/api/broadcasts/{broadcastId}', {
      params: { path: { broadcastId } },
      body: { ...draft, version },
    })
    if (edited.error) return void setFailed(edited.error)
    return { broadcastId, version: edited.data.version }
  }
  const run = async (deed: (kept: { broadcastId: string; version: number }) => Promise<unknown>) => {
    setBusy(true)
    setFailed(undefined)
    try {
      const kept = await keep()
      if (kept) await deed(kept)
    } finally {
      setBusy(false)
      refreshBroadcasts()
    }
  }
  const saveOnly = () =>
    run(async ({ broadcastId }) => {
      void message.success(t('broadcasts.saved'))
      if (!saved) void navigate(`/broadcasts/${broadcastId}`, { replace: true })
    })
  const submit = () =>
    run(async ({ broadcastId, version }) => {
      const asked = await fetchClient.POST('/api/broadcasts/{broadcastId}/submit', {
        params: { path: { broadcastId } },
        body: { version },
      })
      if (asked.error) return onError(asked.error)
      void navigate(`/broadcasts/runs/${asked.data.runId}`)
    })
  const ask = () =>
    modal.confirm({
      title: t('broadcasts.submitTitle', { n: preview.data?.reached ?? 0 }),
      content: preview.data?.needsWord ? t('broadcasts.submitNeedsWord') : t('broadcasts.submitGoes'),
      okText: t('broadcasts.submit'),
      cancelText: t('broadcasts.back'),
      onOk: submit,
    })
  const at = STEPS.indexOf(step)
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('broadcasts.title'), to: '/broadcasts' }]}
        title={saved?.name ?? t('broadcasts.create')}
        meta={isChanged && saved ? t('segments.unsaved') : undefined}
      >
        {mayWrite && (
          <>
            {saved && !isChanged && <Button onClick={() => setTrying(true)}>{t('broadcasts.try.open')}</Button>}
            <Button
              disabled={!whole || (saved !== undefined && !isChanged)}
              loading={busy}
              onClick={() => void saveOnly()}
            >
              {t('broadcasts.saveDraft')}
            </Button>
            <Button
              type="primary"
              disabled={!whole || preview.data?.reached === 0}
              loading={busy}
              onClick={() => void ask()}
            >
              {t('broadcasts.submit')}
            </Button>
          </>
        )}
      </PageHeader>
      <div className={styles.editor}>
        <div className={styles.column}>
          <div className={styles.steps} role="tablist" aria-label={t('broadcasts.stepsLabel')}>
            {STEPS.map((one, nr) => (
              <button key={one} type="button" role="tab" aria-selected={one === step} onClick={() => setStep(one)}>
                <i aria-hidden>{nr + 1}</i>
                {t(`broadcasts.step.${one}`)}
              </button>
            ))}
          </div>
          {failed !== undefined && <NotSaved error={failed} />}
          <fieldset
            className={styles.whole}
            disabled={!mayWrite}
            style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}
          >
            {step === 'who' && <AudienceFields draft={draft} onChange={setDraft} />}
            {step === 'what' && <SayFields draft={draft} onChange={setDraft} shown={variant} onShow={setVariant} />}
            {step === 'how' && <SendFields draft={draft} onChange={setDraft} preview={preview.data} />}
          </fieldset>
          <div className={styles.act}>
            {at > 0 && <Button onClick={() => setStep(STEPS[at - 1]!)}>{t('broadcasts.previous')}</Button>}
            {at < STEPS.length - 1 && (
              <Button icon={<Icon name="right" size={14} />} iconPosition="end" onClick={() => setStep(STEPS[at + 1]!)}>
                {t(`broadcasts.step.${STEPS[at + 1]!}`)}
              </Button>
            )}
          </div>
        </div>
        <div className={styles.side}>
          <FunnelPanel preview={preview.data} error={preview.error} isCounting={preview.isFetching} ready={ready} />
          {step === 'what' && (
            <Panel title={t('broadcasts.phone')}>
              <PhonePreview variant={draft.variants[variant] ?? draft.variants[0]!} />
            </Panel>
          )}
        </div>
      </div>
      {trying && saved && (
        <Modal open footer={null} title={t('broadcasts.try.title')} onCancel={() => setTrying(false)}>
          <TryDialog broadcastId={saved.broadcastId} variants={saved.variants.length} onDone={() => setTrying(false)} />
        </Modal>
      )}
    </>
  )
}

/** Parts that are whole enough to be asked. */
const isWhole = ({ audience: { include, exclude = [] } }: Draft): boolean =>
  include.length > 0 &&
  [...include, ...exclude].every(
    (part) =>
      (part.kind !== 'segment' || part.segmentId !== '') &&
      (part.kind !== 'tags' || part.tagIds.length > 0) &&
      (part.kind !== 'list' || part.broadcastListId !== ''),
  )

/** What would become of everybody, asked once the typing pauses and now and again: others plan meanwhile. */
function usePreview(draft: Draft, broadcastId: string | undefined) {
  const { topic, priority, holdout, audience, senders, schedule, variants } = draft
  const settled = useSettled(JSON.stringify({ topic, priority, holdout, audience, senders, schedule }))
  const named = variants.map(({ text = '' }) => ({ text: /\{客户(称呼|昵称)\}/.test(text) ? '{客户称呼}' : '' }))
  const ready = isWhole(draft) && (senders?.kind !== 'one' || senders.staffId !== '')
  const asked = JSON.parse(settled) as Pick<Draft, 'topic' | 'audience'>
  const preview = api.useQuery(
    'post',
    '/api/broadcasts/preview',
    { body: { ...asked, variants: named, ...(broadcastId ? { broadcastId } : {}) } as never },
    {
      enabled: ready && isWhole(asked as Draft),
      placeholderData: keepPreviousData,
      retry: false,
      staleTime: 5_000,
      refetchInterval: AGAIN_MS,
    },
  )
  return { preview, ready }
}
