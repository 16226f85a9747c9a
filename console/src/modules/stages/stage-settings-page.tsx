import { App, Button, Dropdown, Segmented, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SkeletonRows } from '../../ui/states.tsx'
import { useCan } from '../staff/session.ts'
import { CalendarPanel } from './calendar-panel.tsx'
import { LostReasonsPanel } from './lost-reasons-panel.tsx'
import { NameDialog } from './name-dialog.tsx'
import { StageDialog } from './stage-dialog.tsx'
import { StageRows } from './stage-rows.tsx'
import styles from './stages.module.css'
import { type Flow, refreshBook, refreshMoved, type Stage, type StageBook, useStageBook } from './use-stages.ts'

/** Flows with their stages, why customers are lost, and when the corp works. */
export function StageSettingsPage() {
  const { t } = useTranslation()
  const book = useStageBook()
  const mayWrite = useCan('stages.write')
  const [naming, setNaming] = useState(false)
  const onError = useProblemToast()
  const create = api.useMutation('post', '/api/stage-flows', {
    onError,
    onSuccess() {
      void refreshBook()
      setNaming(false)
    },
  })
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('nav.settings') }]}
        title={t('stages.title')}
        meta={book.data && t('stages.flows', { n: book.data.flows.length })}
      >
        {mayWrite && <Button onClick={() => setNaming(true)}>{t('stages.newFlow')}</Button>}
      </PageHeader>
      <div className={styles.settings}>
        <Loaded query={book} what={t('stages.title')} skeleton={<SkeletonRows rows={6} avatar={false} />}>
          {(data) => <Settings book={data} mayWrite={mayWrite} />}
        </Loaded>
      </div>
      {naming && (
        <NameDialog
          title={t('stages.newFlow')}
          isPending={create.isPending}
          onSave={(name) => create.mutate({ body: { name } })}
          onClose={() => setNaming(false)}
        />
      )}
    </>
  )
}

function Settings({ book, mayWrite }: { book: StageBook; mayWrite: boolean }) {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const flow = book.flows.find((one) => one.flowId === params.get('flow')) ?? book.flows[0]
  return (
    <div className={styles.columns}>
      <div>
        {book.flows.length > 1 && (
          <Segmented
            aria-label={t('stages.flow')}
            value={flow?.flowId ?? ''}
            options={book.flows.map((one) => ({ value: one.flowId, label: one.name }))}
            onChange={(next) => setParams({ flow: next }, { replace: true })}
          />
        )}
        {flow && <FlowPanel key={flow.flowId} flow={flow} isLast={book.flows.length === 1} mayWrite={mayWrite} />}
      </div>
      <div>
        <LostReasonsPanel reasons={book.lostReasons} mayWrite={mayWrite} />
        <CalendarPanel calendar={book.calendar} mayWrite={mayWrite} />
      </div>
    </div>
  )
}

function FlowPanel({ flow, isLast, mayWrite }: { flow: Flow; isLast: boolean; mayWrite: boolean }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const onError = useProblemToast()
  const [editing, setEditing] = useState<Stage | 'new'>()
  const [naming, setNaming] = useState(false)
  const done = () => {
    void refreshBook()
    refreshMoved()
    setNaming(false)
  }
  const edit = api.useMutation('patch', '/api/stage-flows/{flowId}', { onError, onSuccess: done })
  const archive = api.useMutation('delete', '/api/stage-flows/{flowId}', { onError, onSuccess: done })
  const path = { path: { flowId: flow.flowId } }
  const ask = () =>
    void modal.confirm({
      title: t('stages.archiveTitle', { name: flow.name }),
      content: t('stages.archiveWhy'),
      okText: t('stages.archive'),
      okButtonProps: { danger: true },
      cancelText: t('stages.keep'),
      onOk: () => archive.mutate({ params: path }),
    })
  const items = [
    { key: 'name', label: t('stages.rename'), onClick: () => setNaming(true) },
    { key: 'archive', label: t('stages.archive'), danger: true, disabled: isLast, onClick: ask },
  ]
  return (
    <Panel
      title={flow.name}
      edge
      extra={
        mayWrite && (
          <>
            <Button size="small" icon={<Icon name="plus" size={13} />} onClick={() => setEditing('new')}>
              {t('stages.newStage')}
            </Button>
            <Dropdown trigger={['click']} menu={{ items }}>
              <Button
                size="small"
                type="text"
                icon={<Icon name="more" size={16} label={`${flow.name} ${t('actions.more')}`} />}
              />
            </Dropdown>
          </>
        )
      }
    >
      <StageRows flow={flow} mayWrite={mayWrite} onEdit={setEditing} />
      <label className={styles.takes} htmlFor={`takes ${flow.flowId}`}>
        <Switch
          id={`takes ${flow.flowId}`}
          size="small"
          disabled={!mayWrite}
          checked={flow.takesNew}
          loading={edit.isPending}
          onChange={(takesNew) => edit.mutate({ params: path, body: { takesNew } })}
        />
        {t('stages.takesNew', { stage: flow.stages[0]?.name ?? '' })}
      </label>
      {editing && (
        <StageDialog
          flow={flow}
          stage={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
      {naming && (
        <NameDialog
          title={t('stages.rename')}
          name={flow.name}
          isPending={edit.isPending}
          onSave={(name) => edit.mutate({ params: path, body: { name } })}
          onClose={() => setNaming(false)}
        />
      )}
    </Panel>
  )
}
