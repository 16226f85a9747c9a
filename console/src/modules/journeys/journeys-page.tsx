import { Button, Modal, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { useNow } from '../../ui/clock.ts'
import { Icon } from '../../ui/icon.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SearchBox } from '../../ui/search-box.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { shanghaiDay } from '../../ui/time-words.ts'
import { useVocabulary } from '../segments/use-names.ts'
import { useCan } from '../staff/session.ts'
import type { JourneyRow } from './contract.ts'
import { JourneyRows } from './journey-rows.tsx'
import styles from './journeys.module.css'
import { blankTrigger } from './steps.ts'
import { FirstJourney, TemplateCards } from './template-cards.tsx'
import { emptyDraft, type TemplateName, templateDraft } from './templates.ts'
import { refreshJourneys, useTopics, WATCH_MS } from './use-journeys.ts'

const PAGE = 20
const VIEWS = ['all', 'live', 'draft', 'paused', 'ended'] as const

/** Every journey: what starts it, who is under way, who got there. */
export function JourneysPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const mayWrite = useCan('journeys.write')
  const [params, setParams] = useSearchParams()
  const view = VIEWS.find((one) => one === params.get('view')) ?? 'all'
  const q = params.get('q') ?? ''
  const keyset = useKeyset()
  const { make, isBusy } = useMake()
  const list = api.useQuery(
    'get',
    '/api/journeys',
    { params: { query: { view, q: q || undefined, before: keyset.cursor } } },
    { refetchInterval: WATCH_MS },
  )
  const set = (next: Record<string, string | undefined>) => {
    const made = new URLSearchParams(params)
    for (const [key, value] of Object.entries(next)) value ? made.set(key, value) : made.delete(key)
    setParams(made, { replace: true })
  }
  const isFirst = list.data?.items.length === 0 && view === 'all' && q === '' && !keyset.cursor
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.reach') }]} title={t('journeys.title')}>
        {mayWrite && !isFirst && (
          <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => set({ new: '1' })}>
            {t('journeys.create')}
          </Button>
        )}
      </PageHeader>
      <div className={styles.page}>
        {!isFirst && (
          <div className={styles.tools}>
            <Segmented
              aria-label={t('journeys.views')}
              value={view}
              options={VIEWS.map((value) => ({ value, label: t(`journeys.view.${value}`) }))}
              onChange={(next) => set({ view: next === 'all' ? undefined : next, after: undefined })}
            />
            <SearchBox
              className={styles.search}
              placeholder={t('journeys.search')}
              value={q}
              maxLength={40}
              onCommit={(next) => set({ q: next, after: undefined })}
            />
          </div>
        )}
        <Panel edge>
          <Loaded
            query={list}
            what={t('journeys.title')}
            skeleton={<SkeletonRows rows={8} avatar={false} height={53} />}
          >
            {({ items, nextCursor }) =>
              items.length > 0 ? (
                <>
                  <JourneyRows
                    rows={items as unknown as JourneyRow[]}
                    onOpen={(journeyId) => void navigate(`/journeys/${journeyId}`)}
                  />
                  <KeysetFooter keyset={keyset} nextCursor={nextCursor} shown={items.length} pageSize={PAGE} />
                </>
              ) : isFirst && mayWrite ? (
                <FirstJourney isBusy={isBusy} onPick={make} />
              ) : isFirst ? (
                <EmptyState icon="route" title={t('journeys.none')} why={t('journeys.noneRead')} />
              ) : (
                <EmptyState icon="route" title={t('journeys.noneFound')} why={t('journeys.noneFoundWhy')} />
              )
            }
          </Loaded>
        </Panel>
      </div>
      {mayWrite && params.has('new') && (
        <Modal
          open
          width={860}
          footer={null}
          title={t('journeys.createTitle')}
          onCancel={() => set({ new: undefined })}
        >
          <p className="soft">{t('journeys.createWhy')}</p>
          <TemplateCards isBusy={isBusy} onPick={make} />
        </Modal>
      )}
    </>
  )
}

/** Makes a journey of a template and opens it. */
function useMake() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const onError = useProblemToast()
  const now = useNow()
  const words = useVocabulary()
  const topics = useTopics()
  const [key] = useState(() => crypto.randomUUID())
  const create = api.useMutation('post', '/api/journeys', {
    onError,
    onSuccess({ journeyId }) {
      refreshJourneys()
      void navigate(`/journeys/${journeyId}`)
    },
  })
  const make = (template: TemplateName | undefined) => {
    const today = shanghaiDay(now)
    const draft = template
      ? templateDraft(template, t, words, topics, today)
      : emptyDraft(t('journeys.newName'), blankTrigger('friend', today))
    // A second press of the same card is the same journey.
    create.mutate({ body: { requestKey: `${key}-${template ?? 'empty'}`, draft: draft as never } })
  }
  return { make, isBusy: create.isPending }
}
