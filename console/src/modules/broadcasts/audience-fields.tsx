import { App, Button, Input, Modal, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import styles from './broadcasts.module.css'
import { type Draft, type Part, refreshBroadcasts } from './use-broadcasts.ts'

const KINDS = ['segment', 'tags', 'filter', 'list', 'all'] as const
const PARTS_MAX = 10

const EMPTY_PART: Record<Part['kind'], Part> = {
  all: { kind: 'all' },
  segment: { kind: 'segment', segmentId: '' },
  tags: { kind: 'tags', tagIds: [], match: 'any' },
  filter: { kind: 'filter', filter: {} },
  list: { kind: 'list', broadcastListId: '' },
}

interface Props {
  draft: Draft
  onChange: (draft: Draft) => void
}

/** To whom: whoever is in one of the parts and in none of those left out. */
export function AudienceFields({ draft, onChange }: Props) {
  const { t } = useTranslation()
  const policy = api.useQuery('get', '/api/touch-policy', {}, { staleTime: 60_000 }).data
  const { include, exclude = [] } = draft.audience
  const put = (audience: Partial<Draft['audience']>) =>
    onChange({ ...draft, audience: { ...draft.audience, ...audience } })
  return (
    <>
      <Panel title={t('broadcasts.about')}>
        <div className={styles.pair}>
          <div className={styles.field}>
            <span id="name">{t('broadcasts.name')}</span>
            <Input
              aria-labelledby="name"
              value={draft.name}
              maxLength={60}
              placeholder={t('broadcasts.namePlace')}
              onChange={({ target }) => onChange({ ...draft, name: target.value })}
            />
          </div>
          <div className={styles.field}>
            <span id="topic">{t('broadcasts.topic')}</span>
            <Select
              aria-labelledby="topic"
              value={draft.topic}
              options={(policy?.topics ?? [{ name: draft.topic, exempt: false }]).map(({ name, exempt }) => ({
                value: name,
                label: exempt ? t('broadcasts.exemptTopic', { name }) : name,
              }))}
              onChange={(topic) => onChange({ ...draft, topic })}
            />
          </div>
        </div>
      </Panel>
      <Panel title={t('broadcasts.include')} sub={t('broadcasts.includeWhy')}>
        <Parts parts={include} onChange={(parts) => put({ include: parts })} add={t('broadcasts.addPart')} />
      </Panel>
      <Panel title={t('broadcasts.exclude')} sub={t('broadcasts.excludeWhy')}>
        <Parts parts={exclude} onChange={(parts) => put({ exclude: parts })} add={t('broadcasts.addExclude')} />
      </Panel>
    </>
  )
}

function Parts({ parts, onChange, add }: { parts: Part[]; onChange: (parts: Part[]) => void; add: string }) {
  const { t } = useTranslation()
  const set = (nr: number, part: Part) => onChange(parts.map((one, at) => (at === nr ? part : one)))
  return (
    <>
      {parts.map((part, nr) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts are told apart by their place alone
        <div key={nr} className={styles.part}>
          <Select
            aria-label={t('broadcasts.partKind')}
            value={part.kind}
            options={KINDS.map((value) => ({ value, label: t(`broadcasts.part.${value}`) }))}
            onChange={(kind) => set(nr, EMPTY_PART[kind])}
          />
          <div className={styles.partTail}>
            <PartFields part={part} onChange={(next) => set(nr, next)} />
          </div>
          <Button
            type="text"
            aria-label={t('broadcasts.removePart')}
            icon={<Icon name="close" size={14} />}
            onClick={() => onChange(parts.filter((_, at) => at !== nr))}
          />
        </div>
      ))}
      <Button
        className={styles.add}
        size="small"
        icon={<Icon name="plus" size={12} />}
        disabled={parts.length >= PARTS_MAX}
        onClick={() => onChange([...parts, EMPTY_PART.segment])}
      >
        {add}
      </Button>
    </>
  )
}

function PartFields({ part, onChange }: { part: Part; onChange: (part: Part) => void }) {
  switch (part.kind) {
    case 'all':
      return <AllNote />
    case 'segment':
      return <SegmentField value={part.segmentId} onChange={(segmentId) => onChange({ ...part, segmentId })} />
    case 'tags':
      return <TagFields part={part} onChange={onChange} />
    case 'filter':
      return <ViewField filter={part.filter} onChange={(filter) => onChange({ ...part, filter })} />
    case 'list':
      return (
        <ListField
          value={part.broadcastListId}
          onChange={(broadcastListId) => onChange({ ...part, broadcastListId })}
        />
      )
  }
}

function AllNote() {
  const { t } = useTranslation()
  return <span className="soft">{t('broadcasts.allNote')}</span>
}

function SegmentField({ value, onChange }: { value: string; onChange: (segmentId: string) => void }) {
  const { t } = useTranslation()
  const segments = api.useQuery('get', '/api/segments', {}, { staleTime: 30_000 }).data?.items ?? []
  return (
    <Select
      showSearch
      optionFilterProp="label"
      aria-label={t('broadcasts.part.segment')}
      placeholder={t('broadcasts.pickSegment')}
      value={value || undefined}
      options={segments.map(({ segmentId, name, members }) => ({
        value: segmentId,
        label: members === null ? name : t('broadcasts.segmentOf', { name, n: members }),
      }))}
      onChange={onChange}
    />
  )
}

function TagFields({ part, onChange }: { part: Extract<Part, { kind: 'tags' }>; onChange: (part: Part) => void }) {
  const { t } = useTranslation()
  const groups = api.useQuery('get', '/api/tag-groups', {}, { staleTime: 60_000 }).data?.groups ?? []
  return (
    <>
      <Select
        mode="multiple"
        showSearch
        maxCount={20}
        optionFilterProp="label"
        aria-label={t('broadcasts.part.tags')}
        placeholder={t('broadcasts.pickTags')}
        value={part.tagIds}
        options={groups.map(({ name, tags }) => ({
          label: name,
          title: name,
          options: tags.map((tag) => ({ value: tag.tagId, label: tag.name })),
        }))}
        onChange={(tagIds) => onChange({ ...part, tagIds })}
      />
      <Segmented
        value={part.match ?? 'any'}
        options={(['any', 'all'] as const).map((value) => ({ value, label: t(`broadcasts.match.${value}`) }))}
        onChange={(match) => onChange({ ...part, match })}
      />
    </>
  )
}

/** A list of customers somebody has saved: its filter as it is now. */
function ViewField({
  filter,
  onChange,
}: {
  filter: Record<string, string>
  onChange: (f: Record<string, string>) => void
}) {
  const { t } = useTranslation()
  const views = api.useQuery('get', '/api/contact-views', {}, { staleTime: 30_000 }).data ?? []
  const key = JSON.stringify(filter)
  const held = views.find((view) => JSON.stringify(view.filter) === key)
  return (
    <Select
      aria-label={t('broadcasts.part.filter')}
      placeholder={t('broadcasts.pickView')}
      notFoundContent={t('broadcasts.noViews')}
      value={held?.contactViewId ?? (Object.keys(filter).length > 0 ? t('broadcasts.ownFilter') : undefined)}
      options={views.map(({ contactViewId, name }) => ({ value: contactViewId, label: name }))}
      onChange={(id) => onChange(views.find(({ contactViewId }) => contactViewId === id)?.filter ?? {})}
    />
  )
}

function ListField({ value, onChange }: { value: string; onChange: (broadcastListId: string) => void }) {
  const { t } = useTranslation()
  const lists = api.useQuery('get', '/api/broadcast-lists', {}).data ?? []
  const [adding, setAdding] = useState(false)
  return (
    <>
      <Select
        aria-label={t('broadcasts.part.list')}
        placeholder={t('broadcasts.pickList')}
        notFoundContent={t('broadcasts.noLists')}
        value={value || undefined}
        options={lists.map(({ broadcastListId, name, people }) => ({
          value: broadcastListId,
          label: t('broadcasts.segmentOf', { name, n: people }),
        }))}
        onChange={onChange}
      />
      <Button onClick={() => setAdding(true)}>{t('broadcasts.list.add')}</Button>
      {adding && (
        <ListDialog
          onDone={(id) => {
            setAdding(false)
            if (id) onChange(id)
          }}
        />
      )}
    </>
  )
}

function ListDialog({ onDone }: { onDone: (broadcastListId?: string) => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const [name, setName] = useState('')
  const [text, setText] = useState('')
  const lines = text
    .split(/[\s,，;；]+/)
    .map((line) => line.trim())
    .filter(Boolean)
  const add = api.useMutation('post', '/api/broadcast-lists', {
    onError,
    onSuccess({ broadcastListId, people, unknown }) {
      refreshBroadcasts()
      void message.success(t('broadcasts.list.added', { people, unknown }))
      onDone(broadcastListId)
    },
  })
  return (
    <Modal
      open
      title={t('broadcasts.list.title')}
      okText={t('broadcasts.list.keep', { n: lines.length })}
      okButtonProps={{ disabled: name.trim() === '' || lines.length === 0, loading: add.isPending }}
      cancelText={t('broadcasts.back')}
      onCancel={() => onDone()}
      onOk={() => add.mutate({ body: { name: name.trim(), lines } })}
    >
      <div className={styles.fields}>
        <Input
          value={name}
          maxLength={60}
          aria-label={t('broadcasts.list.name')}
          placeholder={t('broadcasts.list.name')}
          onChange={({ target }) => setName(target.value)}
        />
        <Input.TextArea
          value={text}
          autoSize={{ minRows: 6, maxRows: 12 }}
          aria-label={t('broadcasts.list.lines')}
          placeholder={t('broadcasts.list.place')}
          onChange={({ target }) => setText(target.value)}
        />
        <label className={styles.field}>
          <span>{t('broadcasts.list.file')}</span>
          <input
            type="file"
            accept=".txt,.csv,text/plain,text/csv"
            onChange={({ target }) => void target.files?.[0]?.text().then(setText)}
          />
        </label>
      </div>
    </Modal>
  )
}
