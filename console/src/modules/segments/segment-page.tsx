import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { NotSaved, SkeletonBlock } from '../../ui/states.tsx'
import { useCan } from '../staff/session.ts'
import { DaysPanel } from './days-panel.tsx'
import { askedRule } from './opened-rule.ts'
import { OverlapPanel } from './overlap-panel.tsx'
import { PreviewPanel } from './preview-panel.tsx'
import { blank, fromRule, type Group, isWhole, TEMPLATES, type Template, toRule } from './rule.ts'
import { RuleBuilder } from './rule-builder.tsx'
import { sayRule } from './say-rule.ts'
import styles from './segments.module.css'
import { refreshSegments } from './segments-page.tsx'
import { Templates } from './templates.tsx'
import { useKept } from './use-kept.ts'
import { useVocabulary } from './use-names.ts'
import { usePreview } from './use-preview.ts'

type Segment = Answer<'/api/segments/{segmentId}'>
const WATCH_MS = 1_500

/** One segment as it stands, with its rule open for change. */
export function SegmentPage() {
  const { t } = useTranslation()
  const { segmentId = '' } = useParams()
  const segment = api.useQuery(
    'get',
    '/api/segments/{segmentId}',
    { params: { path: { segmentId } } },
    { refetchInterval: ({ state }) => (state.data?.building ? WATCH_MS : false) },
  )
  return (
    <Loaded query={segment} what={t('segments.title')} skeleton={<SkeletonBlock height={320} />}>
      {(data) => (
        <Editor
          key={`${data.segmentId} ${data.versions[0]?.version}`}
          saved={data}
          start={{ name: data.name, note: data.note, rule: fromRule(data.rule) }}
        />
      )}
    </Loaded>
  )
}

/** A new one, from a template or from nothing. */
export function NewSegmentPage() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const from = Object.keys(TEMPLATES).find((one) => one === params.get('from')) as Template | undefined
  const bought = params.get('bought')
  const asked = askedRule(params)
  const start = asked
    ? { name: asked.title.slice(0, NAME_MAX), note: t(`radar.rules.${asked.ask}`), rule: asked.rule }
    : bought
      ? boughtIt(bought, t('orderWork.products.boughtName', { name: params.get('name') ?? bought }))
      : from
        ? { name: t(`segments.template.${from}.name`), note: t(`segments.template.${from}.why`), rule: TEMPLATES[from] }
        : { name: '', note: '', rule: { is: 'all' as const, of: [blank('did'), { is: 'lost' as const, not: true }] } }
  return (
    <Editor
      key={from ?? bought ?? asked?.ask ?? 'blank'}
      saved={undefined}
      start={start}
      {...(from || bought || asked
        ? {}
        : { onTemplate: (template) => setParams({ from: template }, { replace: true }) })}
    />
  )
}

const NAME_MAX = 30
/** Whoever bought a product of this number. */
const boughtIt = (productNo: string, name: string): Draft => ({
  name: name.slice(0, NAME_MAX),
  note: '',
  rule: {
    is: 'all',
    of: [
      {
        is: 'did',
        deed: { kind: 'order.paid', where: [{ prop: 'products', op: 'is', values: [productNo] }] },
        atLeast: 1,
      },
    ],
  },
})
interface Draft {
  name: string
  note: string
  rule: Group
}

function Editor({
  saved,
  start,
  onTemplate,
}: {
  saved: Segment | undefined
  start: Draft
  onTemplate?: (template: Template) => void
}) {
  const { t } = useTranslation()
  const words = useVocabulary()
  // A cell of RFM is changed in its model.
  const mayWrite = useCan('segments.write') && (saved === undefined || saved.usedBy === 'people')
  const [draft, setDraft] = useState(start)
  const isChanged = JSON.stringify(draft) !== JSON.stringify(start)
  const preview = usePreview(draft.rule, mayWrite)
  const save = useSave(saved)
  useKept(isChanged && !save.isDone)
  const ready = draft.name.trim() !== '' && isWhole(draft.rule)
  const title = saved?.name ?? t('segments.create')
  const setRule = (rule: Group) => setDraft({ ...draft, rule })
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('segments.title'), to: '/segments' }]}
        title={title}
        meta={saved?.building ? t('segments.building') : isChanged && saved ? t('segments.unsaved') : undefined}
      >
        {saved && (
          <Link to={`/contacts?segment=${saved.segmentId}&state=all`}>
            <Button>{t('segments.seeMembers')}</Button>
          </Link>
        )}
        {mayWrite && (
          <Button
            type="primary"
            disabled={!ready || (saved !== undefined && !isChanged)}
            loading={save.isPending}
            onClick={() => save.run(draft)}
          >
            {t('segments.save')}
          </Button>
        )}
      </PageHeader>
      <div className={styles.editor}>
        <div className={styles.column}>
          {onTemplate && <Templates onPick={onTemplate} />}
          <Panel title={t('segments.who')}>
            {mayWrite ? (
              <>
                <div className={styles.names}>
                  <Input
                    aria-label={t('segments.name')}
                    placeholder={t('segments.name')}
                    maxLength={30}
                    value={draft.name}
                    status={draft.name.trim() ? '' : 'warning'}
                    onChange={(event) => setDraft({ ...draft, name: event.target.value })}
                  />
                  <Input
                    aria-label={t('segments.note')}
                    placeholder={t('segments.note')}
                    maxLength={200}
                    value={draft.note}
                    onChange={(event) => setDraft({ ...draft, note: event.target.value })}
                  />
                </div>
                <RuleBuilder
                  rule={draft.rule}
                  words={words}
                  alone={preview.parts.data?.alone ?? []}
                  onChange={setRule}
                />
              </>
            ) : (
              <p>{saved?.note}</p>
            )}
            <p className={styles.said}>{sayRule(draft.rule, t, words.names)}</p>
            {save.error && <NotSaved error={save.error} />}
          </Panel>
          {saved && mayWrite && <OverlapPanel segmentId={saved.segmentId} members={saved.members ?? 0} />}
        </div>
        <div className={styles.column}>
          <PreviewPanel rule={draft.rule} words={words} preview={preview} saved={isChanged ? undefined : saved} />
          {saved?.past && saved.coming && <DaysPanel past={saved.past} coming={saved.coming} />}
        </div>
      </div>
    </>
  )
}

function useSave(saved: Segment | undefined) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [isDone, setDone] = useState(false)
  const done = (segmentId: string) => {
    setDone(true)
    void refreshSegments()
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/segments/{segmentId}'] })
    void message.success(t('segments.saved'))
    setTimeout(() => void navigate(`/segments/${segmentId}`, { replace: true }))
  }
  const create = api.useMutation('post', '/api/segments', { onSuccess: ({ segmentId }) => done(segmentId) })
  const edit = api.useMutation('patch', '/api/segments/{segmentId}', {
    onSuccess: () => saved && done(saved.segmentId),
  })
  return {
    isDone,
    isPending: create.isPending || edit.isPending,
    error: create.error ?? edit.error,
    run({ name, note, rule }: Draft) {
      const body = { name: name.trim(), note: note.trim(), rule: toRule(rule) }
      // A rule that has not changed is not built again.
      const { rule: _, ...words } = body
      const same = saved && JSON.stringify(saved.rule) === JSON.stringify(rule)
      if (saved) edit.mutate({ params: { path: { segmentId: saved.segmentId } }, body: same ? words : body })
      else create.mutate({ body })
    },
  }
}
