import { keepPreviousData } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { api, fetchClient } from '../../api/client.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SkeletonBlock } from '../../ui/states.tsx'
import { useSettled } from '../segments/use-preview.ts'
import { useCan } from '../staff/session.ts'
import type { Changes, DryRun, Journey, OfPeople, Problems, Stats } from './contract.ts'
import type { Asked } from './dry-run.tsx'
import { JourneyView } from './journey-view.tsx'
import type { Draft } from './steps.ts'
import { asJourney, refreshJourneys, useJourney, useTopics, WATCH_MS } from './use-journeys.ts'

const PEOPLE_SHOWN = 20

export function JourneyPage() {
  const { t } = useTranslation()
  const { journeyId = '' } = useParams()
  const query = useJourney(journeyId)
  return (
    <Loaded query={query} what={t('journeys.title')} skeleton={<SkeletonBlock height={500} />}>
      {(answer) => <Bound key={journeyId} journey={asJourney(answer)} />}
    </Loaded>
  )
}

/** The view of a journey, with the server behind it. */
function Bound({ journey }: { journey: Journey }) {
  const { journeyId, running } = journey
  const path = { params: { path: { journeyId } } }
  const onError = useProblemToast()
  const mayWrite = useCan('journeys.write')
  const topics = useTopics()
  /** What the last save found to mend; the answer it was opened with knows of older words. */
  const [found, setFound] = useState<Problems>()
  const [revision, setRevision] = useState(journey.revision)
  const [draft, setDraft] = useState(journey.draft)
  const stats = api.useQuery('get', '/api/journeys/{journeyId}/stats', path, {
    enabled: running !== null,
    refetchInterval: WATCH_MS,
  })
  const dry = useDryRun(journeyId, draft)
  const told = async <T,>(asked: Promise<{ data?: T; error?: unknown }>): Promise<T> => {
    const { data, error } = await asked
    if (error !== undefined) {
      onError(error)
      throw error
    }
    return data as T
  }
  const turn = async (asked: Promise<{ data?: unknown; error?: unknown }>) => {
    await told(asked)
    refreshJourneys()
  }
  const save = async (next: Draft, at: number): Promise<number> => {
    const { data, error } = await fetchClient.PUT('/api/journeys/{journeyId}', {
      ...path,
      body: { draft: next as never, revision: at },
    })
    if (error) throw error
    setFound(data.problems)
    setRevision(data.revision)
    setDraft(next)
    return data.revision
  }
  return (
    <JourneyView
      state={journey.state}
      hasDraft={journey.hasDraft || revision !== journey.revision}
      draft={journey.draft}
      revision={journey.revision}
      save={save}
      theirs={async () => asJourney(await told(fetchClient.GET('/api/journeys/{journeyId}', path)))}
      problems={found ?? journey.problems}
      topics={topics}
      mayWrite={mayWrite}
      running={running ? { version: running, stats: stats.data as Stats | undefined } : undefined}
      changes={async () => {
        const { changes } = await told(fetchClient.GET('/api/journeys/{journeyId}/changes', path))
        return changes as Changes | null
      }}
      publish={(people: OfPeople) =>
        turn(fetchClient.POST('/api/journeys/{journeyId}/publish', { ...path, body: { revision, people } }))
      }
      pause={() => turn(fetchClient.POST('/api/journeys/{journeyId}/pause', path))}
      resume={() => turn(fetchClient.POST('/api/journeys/{journeyId}/resume', path))}
      end={() => turn(fetchClient.POST('/api/journeys/{journeyId}/end', path))}
      dry={dry}
    />
  )
}

/** What would become of one customer, asked again whenever the draft or the question rests. */
function useDryRun(journeyId: string, draft: Draft) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<Asked>({ contactId: '', days: 14, happenings: [] })
  const [q, setQ] = useState('')
  const words = useSettled(q)
  const people = api.useQuery('get', '/api/contacts', {
    params: { query: { q: words || undefined, limit: PEOPLE_SHOWN } },
  })
  const settled = useSettled(asked)
  const run = api.useQuery(
    'post',
    '/api/journeys/{journeyId}/dry-run',
    { params: { path: { journeyId } }, body: { draft: draft as never, ...settled } },
    { enabled: settled.contactId !== '', retry: false, placeholderData: keepPreviousData },
  )
  const picker = (
    <Select
      showSearch={{ filterOption: false, onSearch: setQ }}
      style={{ width: '100%' }}
      aria-label={t('journeys.dry.who')}
      placeholder={t('journeys.dry.find')}
      value={asked.contactId || null}
      options={(people.data?.items ?? []).map(({ contactId, name }) => ({ value: contactId, label: name || '—' }))}
      onChange={(contactId: string) => setAsked({ ...asked, contactId })}
    />
  )
  return {
    people: picker,
    asked,
    onAsk: setAsked,
    run: settled.contactId === '' ? undefined : (run.data as DryRun | undefined),
    isRunning: run.isFetching,
  }
}
