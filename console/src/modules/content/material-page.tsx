import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useParams, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { NotSaved, SkeletonBlock } from '../../ui/states.tsx'
import { useKept } from '../segments/use-kept.ts'
import { useCan } from '../staff/session.ts'
import styles from './content.module.css'
import { SaidPreview } from './phone.tsx'
import { SaidFields } from './said-fields.tsx'
import { type Settings, SettingsPanel } from './settings-panel.tsx'
import {
  blankOf,
  cleanOf,
  isWhole,
  KINDS,
  type MaterialView,
  refreshMaterials,
  type Said,
  type Version,
} from './use-content.ts'
import { useDeletion, useRecovery } from './use-deletion.ts'
import { VersionsPanel } from './versions-panel.tsx'

const BLANK: Settings = { folderId: null, labels: [], validFrom: null, validUntil: null, scope: { kind: 'corp' } }

/** A new one: of the kind the address names, or what was read from a web page. */
export function NewMaterialPage() {
  const [params] = useSearchParams()
  const { state } = useLocation()
  const kind = KINDS.find((one) => one === params.get('kind')) ?? 'text'
  const read: unknown = state
  const said = typeof read === 'object' && read !== null && 'said' in read ? (read.said as Said) : blankOf(kind)
  const settings = { ...BLANK, folderId: params.get('folder') }
  return <Editor key={said.kind} saved={undefined} start={{ said, settings }} />
}

export function MaterialPage() {
  const { t } = useTranslation()
  const { materialId = '' } = useParams()
  const material = api.useQuery('get', '/api/materials/{materialId}', { params: { path: { materialId } } })
  return (
    <Loaded query={material} what={t('content.material')} skeleton={<SkeletonBlock height={400} />}>
      {(data) => (
        <Editor key={`${data.materialId} ${data.newestVersion} ${data.updatedAt}`} saved={data} start={draftOf(data)} />
      )}
    </Loaded>
  )
}

interface Draft {
  said: Said
  settings: Settings
}

const draftOf = ({ versions, folderId, labels, validFrom, validUntil, scope, kind }: MaterialView): Draft => ({
  said: versions[0]?.said ?? blankOf(kind),
  settings: { folderId, labels, validFrom, validUntil, scope },
})

function Editor({ saved, start }: { saved: MaterialView | undefined; start: Draft }) {
  const { t } = useTranslation()
  const mayWrite = useCan('content.write')
  const [draft, setDraft] = useState(start)
  const [looked, setLooked] = useState<Version>()
  const [names, setNames] = useState<Record<string, string>>({})
  const asks = api.useQuery('get', '/api/content-settings', {}).data?.asksApproval ?? false
  const save = useSave(saved, start)
  const saidChanged = JSON.stringify(draft.said) !== JSON.stringify(start.said)
  const changed = saidChanged || JSON.stringify(draft.settings) !== JSON.stringify(start.settings)
  useKept(changed && !save.isDone)
  const shown = looked?.said ?? draft.said
  const nameOf = (said: Said) => {
    const fileId = 'fileId' in said.content ? said.content.fileId : ''
    return names[fileId] ?? saved?.files.find((file) => file.fileId === fileId)?.fileName
  }
  const ready =
    isWhole(draft.said) &&
    !(draft.settings.scope.kind === 'departments' && draft.settings.scope.departmentIds.length === 0)
  const unpublished = saved?.open === 'draft' || saved?.open === 'refused'
  const publishWord = t(asks ? 'content.send' : 'content.publish')
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('content.materials'), to: '/content/materials' }]}
        title={saved?.title ?? t('content.newOf', { kind: t(`content.kind.${draft.said.kind}`) })}
        meta={changed && saved ? t('content.unsaved') : saved && t(`content.state.${saved.state}`)}
      >
        {mayWrite && (
          <>
            {saved && <StateButton saved={saved} />}
            <Button disabled={!ready || !changed} loading={save.isPending} onClick={() => save.run(draft, false)}>
              {t(saved && !saidChanged ? 'content.saveSettings' : 'content.saveDraft')}
            </Button>
            <Button
              type="primary"
              disabled={!ready || (saved !== undefined && !saidChanged && !unpublished)}
              loading={save.isPending}
              onClick={() => save.run(draft, true)}
            >
              {publishWord}
            </Button>
          </>
        )}
      </PageHeader>
      <div className={styles.editor}>
        <div className={styles.column}>
          {mayWrite && (
            <>
              <Panel title={t(`content.kind.${draft.said.kind}`)} sub={t(`content.kindWhy.${draft.said.kind}`)}>
                <SaidFields
                  said={draft.said}
                  fileName={nameOf(draft.said)}
                  onChange={(said) => {
                    setLooked(undefined)
                    setDraft({ ...draft, said })
                  }}
                  onFile={({ mediaAssetId, fileName }) => setNames({ ...names, [mediaAssetId]: fileName })}
                />
                {save.error && <NotSaved error={save.error} />}
              </Panel>
              <SettingsPanel settings={draft.settings} onChange={(settings) => setDraft({ ...draft, settings })} />
            </>
          )}
          {saved && <VersionsPanel material={saved} mayWrite={mayWrite} onLook={setLooked} />}
        </div>
        <div className={`${styles.column} ${styles.side}`}>
          <Panel
            title={looked ? t('content.version.nr', { n: looked.version }) : t('content.preview.title')}
            sub={looked ? undefined : t('content.preview.why')}
            extra={
              looked && (
                <button type="button" className="textlink" onClick={() => setLooked(undefined)}>
                  {t('content.preview.back')}
                </button>
              )
            }
          >
            <SaidPreview said={shown} fileName={nameOf(shown)} />
          </Panel>
        </div>
      </div>
    </>
  )
}

/** Taken away from staff, or given back. */
function StateButton({ saved }: { saved: MaterialView }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const onError = useProblemToast()
  const withdraw = api.useMutation('post', '/api/material-withdrawals', { onError, onSuccess: refreshMaterials })
  const restore = api.useMutation('post', '/api/materials/{materialId}/restore', {
    onError,
    onSuccess: refreshMaterials,
  })
  const navigate = useNavigate()
  const recovery = useRecovery()
  const ask = useDeletion(() => void navigate('/content/materials', { replace: true }))
  const { materialId } = saved
  if (saved.state === 'deleted')
    return <Button onClick={() => recovery.mutate({ params: { path: { materialId } } })}>{t('content.recover')}</Button>
  if (saved.state === 'withdrawn')
    return (
      <>
        <Button danger onClick={() => ask([materialId], saved.title)}>
          {t('content.delete')}
        </Button>
        <Button onClick={() => restore.mutate({ params: { path: { materialId } } })}>{t('content.restore')}</Button>
      </>
    )
  return (
    <Button
      onClick={() =>
        modal.confirm({
          title: t('content.withdrawTitle', { title: saved.title }),
          content: t('content.withdrawWhy'),
          okText: t('content.withdraw'),
          onOk: () => withdraw.mutateAsync({ body: { materialIds: [materialId] } }).catch(() => undefined),
        })
      }
    >
      {t('content.withdraw')}
    </Button>
  )
}

function useSave(saved: MaterialView | undefined, start: Draft) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [isDone, setDone] = useState(false)
  const create = api.useMutation('post', '/api/materials')
  const write = api.useMutation('post', '/api/materials/{materialId}/versions')
  const edit = api.useMutation('patch', '/api/materials/{materialId}')
  const publish = api.useMutation('post', '/api/materials/{materialId}/publish')
  const save = async ({ said, settings }: Draft, toPublish: boolean): Promise<string> => {
    if (!saved)
      return (await create.mutateAsync({ body: { said: cleanOf(said), ...settings, publish: toPublish } })).materialId
    const path = { materialId: saved.materialId }
    if (JSON.stringify(settings) !== JSON.stringify(start.settings))
      await edit.mutateAsync({ params: { path }, body: settings })
    if (JSON.stringify(said) !== JSON.stringify(start.said))
      await write.mutateAsync({
        params: { path },
        body: { said: cleanOf(said), basedOn: saved.newestVersion, publish: toPublish },
      })
    else if (toPublish) await publish.mutateAsync({ params: { path } })
    return saved.materialId
  }
  return {
    isDone,
    isPending: create.isPending || write.isPending || edit.isPending || publish.isPending,
    error: create.error ?? write.error ?? edit.error ?? publish.error,
    run(draft: Draft, toPublish: boolean) {
      save(draft, toPublish)
        .then((materialId) => {
          setDone(true)
          void message.success(t(toPublish ? 'content.published' : 'content.saved'))
          refreshMaterials()
          setTimeout(() => void navigate(`/content/materials/${materialId}`, { replace: true }))
        })
        .catch(() => undefined) // shown beside the fields
    },
  }
}
