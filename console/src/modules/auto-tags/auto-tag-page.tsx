import { App, Button, Checkbox } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useNavigate, useParams, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, NotSaved, SkeletonBlock } from '../../ui/states.tsx'
import { askedRule } from '../segments/opened-rule.ts'
import { blank, fromRule, type Group, isWhole, TEMPLATES, type Template, toRule } from '../segments/rule.ts'
import { RuleBuilder } from '../segments/rule-builder.tsx'
import { sayRule } from '../segments/say-rule.ts'
import segmentStyles from '../segments/segments.module.css'
import { Templates } from '../segments/templates.tsx'
import { useKept } from '../segments/use-kept.ts'
import { useVocabulary } from '../segments/use-names.ts'
import { useParts } from '../segments/use-preview.ts'
import styles from './auto-tags.module.css'
import { useMayAutoTag } from './auto-tags-page.tsx'
import { DryRunPanel } from './dry-run-panel.tsx'
import { TagPicker } from './tag-picker.tsx'
import { type AutoTag, refreshAutoTags, useAutoTags } from './use-auto-tags.ts'

interface Draft {
  tagId: string | undefined
  rule: Group
  keep: boolean
}

/** One rule as it stands, open for change. */
export function AutoTagPage() {
  const { t } = useTranslation()
  const { ruleId } = useParams()
  const list = useAutoTags()
  return (
    <Loaded query={list} what={t('autoTags.title')} skeleton={<SkeletonBlock height={320} />}>
      {({ groups }) => {
        const saved = groups.flatMap((group) => group.rules).find((rule) => rule.ruleId === ruleId)
        if (!saved) return <EmptyState icon="tag" title={t('autoTags.gone')} why={t('autoTags.goneWhy')} />
        const start = { tagId: saved.tagId, rule: fromRule(saved.rule), keep: saved.keep }
        return <Editor key={`${saved.ruleId} ${saved.updatedAt}`} saved={saved} start={start} taken={new Map()} />
      }}
    </Loaded>
  )
}

/** A new one: for a tag, from a template or from nothing. */
export function NewAutoTagPage() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const list = useAutoTags()
  const tagId = params.get('tag') ?? undefined
  const from = Object.keys(TEMPLATES).find((one) => one === params.get('from')) as Template | undefined
  const asked = askedRule(params)
  const begin = (template: Template) => {
    params.set('from', template)
    setParams(params, { replace: true })
  }
  return (
    <Loaded query={list} what={t('autoTags.title')} skeleton={<SkeletonBlock height={320} />}>
      {({ groups }) => {
        const taken = new Map(groups.flatMap((group) => group.rules).map((rule) => [rule.tagId, rule.ruleId]))
        if (tagId && taken.has(tagId)) return <Navigate to={`/auto-tags/${taken.get(tagId)}`} replace />
        const rule: Group =
          asked?.rule ?? (from ? TEMPLATES[from] : { is: 'all', of: [blank('did'), { is: 'lost', not: true }] })
        const start = { tagId, rule, keep: false }
        return (
          <Editor
            key={asked?.ask ?? from ?? 'blank'}
            saved={undefined}
            start={start}
            taken={taken}
            {...(from || asked ? {} : { onTemplate: begin })}
          />
        )
      }}
    </Loaded>
  )
}

function Editor({
  saved,
  start,
  taken,
  onTemplate,
}: {
  saved: AutoTag | undefined
  start: Draft
  /** Tags that have a rule already. */
  taken: ReadonlyMap<string, string>
  onTemplate?: (template: Template) => void
}) {
  const { t } = useTranslation()
  const words = useVocabulary()
  const mayWrite = useMayAutoTag()
  const [draft, setDraft] = useState(start)
  const isChanged = JSON.stringify(draft) !== JSON.stringify(start)
  const alone = useParts(draft.rule, mayWrite).data?.alone ?? []
  const save = useSave(saved)
  useKept(isChanged && !save.isDone)
  const isReady = draft.tagId !== undefined && isWhole(draft.rule)
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('autoTags.title'), to: '/auto-tags' }]}
        title={saved?.tagName ?? t('autoTags.create')}
        meta={saved?.building ? t('segments.building') : isChanged && saved ? t('segments.unsaved') : undefined}
      >
        {mayWrite && (
          <Button
            type="primary"
            disabled={!isReady || (saved !== undefined && !isChanged)}
            loading={save.isPending}
            onClick={() => save.run(draft)}
          >
            {t('autoTags.save')}
          </Button>
        )}
      </PageHeader>
      <div className={segmentStyles.editor}>
        <div className={segmentStyles.column}>
          {onTemplate && <Templates inside onPick={onTemplate} />}
          <Panel title={t('autoTags.which')}>
            <TagPicker
              value={draft.tagId}
              isFixed={saved !== undefined || !mayWrite}
              taken={taken}
              onChange={(tagId) => setDraft({ ...draft, tagId })}
            />
          </Panel>
          <Panel title={t('autoTags.when')}>
            {mayWrite && (
              <RuleBuilder
                rule={draft.rule}
                words={words}
                alone={alone}
                onChange={(rule) => setDraft({ ...draft, rule })}
              />
            )}
            <p className={segmentStyles.said}>{sayRule(draft.rule, t, words.names)}</p>
            <Checkbox
              className={styles.keep}
              checked={draft.keep}
              disabled={!mayWrite}
              onChange={(event) => setDraft({ ...draft, keep: event.target.checked })}
            >
              {t('autoTags.keep')}
            </Checkbox>
            {save.error && <NotSaved error={save.error} />}
          </Panel>
        </div>
        <div className={segmentStyles.column}>
          {mayWrite && <DryRunPanel draft={draft} ruleId={saved?.ruleId} words={words} />}
        </div>
      </div>
    </>
  )
}

function useSave(saved: AutoTag | undefined) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [isDone, setDone] = useState(false)
  const onSuccess = () => {
    setDone(true)
    void refreshAutoTags()
    void message.success(t('autoTags.saved'))
    setTimeout(() => void navigate('/auto-tags'))
  }
  const create = api.useMutation('post', '/api/auto-tags', { onSuccess })
  const edit = api.useMutation('patch', '/api/auto-tags/{ruleId}', { onSuccess })
  return {
    isDone,
    isPending: create.isPending || edit.isPending,
    error: create.error ?? edit.error,
    run({ tagId = '', rule, keep }: Draft) {
      const body = { rule: toRule(rule), keep }
      // A rule that has not changed is not built again.
      const isSame = saved && JSON.stringify(saved.rule) === JSON.stringify(rule)
      if (saved) edit.mutate({ params: { path: { ruleId: saved.ruleId } }, body: isSame ? { keep } : body })
      else create.mutate({ body: { tagId, ...body } })
    },
  }
}
