import { App, Button, Checkbox, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Dock } from '../../ui/dock.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { NotSaved } from '../../ui/states.tsx'
import chat from '../channels/form.module.css'
import { useKept } from '../segments/use-kept.ts'
import { Tool } from './block-fields.tsx'
import styles from './content.module.css'
import { FilePick } from './file-pick.tsx'
import { Bubble, Phone, Turn } from './phone.tsx'
import { Line } from './said-fields.tsx'
import type { LibraryName } from './scripts-page.tsx'
import { Shot } from './shot.tsx'
import { SlotText } from './slot-text.tsx'
import { fileUrl, refreshScripts, type Script, type ScriptBody, type ScriptGroup } from './use-content.ts'

interface Props {
  script: Script | undefined
  library: LibraryName
  groups: ScriptGroup[]
  groupId: string
  mayWrite: boolean
  onClose: () => void
  onStep: { up: (() => void) | undefined; down: (() => void) | undefined } | undefined
}
type Part = ScriptBody['parts'][number]
type Draft = Required<ScriptBody>
const PARTS_MAX = 10

const draftOf = (script: Script | undefined, groupId: string): Draft =>
  script
    ? {
        scriptGroupId: script.scriptGroupId,
        title: script.title,
        keywords: script.keywords,
        parts: script.parts.map(
          (part): Part => (part.type === 'material' ? { type: 'material', materialId: part.materialId } : part),
        ),
        stageIds: script.stages.map(({ stageId }) => stageId),
        isQuick: script.isQuick,
      }
    : {
        scriptGroupId: groupId,
        title: '',
        keywords: [],
        parts: [{ type: 'text', text: '' }],
        stageIds: [],
        isQuick: false,
      }

const isWhole = ({ title, parts }: Draft) =>
  title.trim() !== '' &&
  parts.length > 0 &&
  parts.every((part) =>
    part.type === 'text'
      ? part.text.trim() !== ''
      : part.type === 'image'
        ? part.fileId !== ''
        : part.materialId !== '',
  )

/** One script: what is said, in which order, when it is thought of; below, as it will look. */
export function ScriptDock({ script, library, groups, groupId, mayWrite, onClose, onStep }: Props) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const [start] = useState(() => draftOf(script, groupId))
  const [draft, setDraft] = useState(start)
  const changed = JSON.stringify(draft) !== JSON.stringify(start)
  const save = useSave(library, script, onClose)
  useKept(changed && !save.isDone)
  const put = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  const shown = useShown(script, draft)
  return (
    <Dock
      label={script?.title ?? t('content.script.create')}
      head={<b className="clip">{script?.title ?? t('content.script.create')}</b>}
      onClose={onClose}
      {...(onStep && !changed ? { onStep } : {})}
    >
      <div className={styles.dockBody}>
        {mayWrite && (
          <div className={styles.fields}>
            <Line label={t('content.script.name')} htmlFor="script-title">
              <Input
                id="script-title"
                autoFocus={!script}
                maxLength={40}
                value={draft.title}
                onChange={(event) => put({ title: event.target.value })}
              />
            </Line>
            <Line label={t('content.script.group')}>
              <Select
                aria-label={t('content.script.group')}
                value={draft.scriptGroupId}
                options={groups.map(({ scriptGroupId, name }) => ({ value: scriptGroupId, label: name }))}
                onChange={(scriptGroupId) => put({ scriptGroupId })}
              />
            </Line>
            <PartFields parts={draft.parts} onChange={(parts) => put({ parts })} />
            <Line label={t('content.script.keywords')}>
              <Select
                mode="tags"
                open={false}
                suffixIcon={null}
                maxCount={20}
                tokenSeparators={[',', '，', ' ', '、']}
                aria-label={t('content.script.keywords')}
                placeholder={t('content.script.keywordsHint')}
                value={draft.keywords}
                onChange={(keywords: string[]) => put({ keywords: keywords.map((word) => word.slice(0, 20)) })}
              />
            </Line>
            <StageLine value={draft.stageIds} onChange={(stageIds) => put({ stageIds })} />
            <Checkbox checked={draft.isQuick} onChange={({ target }) => put({ isQuick: target.checked })}>
              {t('content.script.quickWhy')}
            </Checkbox>
            {save.error && <NotSaved error={save.error} />}
            <div className={styles.row}>
              <Button
                type="primary"
                disabled={!changed || !isWhole(draft)}
                loading={save.isPending}
                onClick={() => save.run(draft)}
              >
                {t('actions.save')}
              </Button>
              {script && (
                <Button
                  danger
                  type="text"
                  onClick={() =>
                    modal.confirm({
                      title: t('content.script.removeTitle', { title: script.title }),
                      content: t('content.script.removeWhy'),
                      okText: t('content.script.remove'),
                      okButtonProps: { danger: true },
                      onOk: save.remove,
                    })
                  }
                >
                  {t('content.script.remove')}
                </Button>
              )}
            </div>
          </div>
        )}
        <Phone>
          {shown.map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts are told apart by their place alone
            <Turn key={index}>
              {part.type === 'text' ? (
                <Bubble text={part.text || t('content.preview.nothing')} />
              ) : part.type === 'image' ? (
                part.fileId && <img className={chat.shot} src={fileUrl(part.fileId)} alt="" />
              ) : (
                <div className={chat.linkCard}>
                  <b>{part.title}</b>
                  <span />
                  <Shot kind={part.kind} pictureId={part.pictureId} size={44} />
                </div>
              )}
            </Turn>
          ))}
        </Phone>
      </div>
    </Dock>
  )
}

/** The draft's parts, with the materials they point to as far as they are known. */
function useShown(script: Script | undefined, draft: Draft): Script['parts'] {
  const list = useSendable()
  return draft.parts.flatMap((part): Script['parts'] => {
    if (part.type !== 'material') return [part]
    const saved = script?.parts.find((one) => one.type === 'material' && one.materialId === part.materialId)
    const known = list.find(({ materialId }) => materialId === part.materialId)
    return saved ? [saved] : known ? [{ type: 'material', ...known }] : []
  })
}

const MATERIALS = 100
const useSendable = () =>
  api.useQuery('get', '/api/materials', { params: { query: { limit: MATERIALS, order: 'used', state: 'live' } } }).data
    ?.items ?? []

function PartFields({ parts, onChange }: { parts: Part[]; onChange: (parts: Part[]) => void }) {
  const { t } = useTranslation()
  const materials = useSendable()
  const put = (index: number, part: Part) => onChange(parts.map((one, i) => (i === index ? part : one)))
  const add = (part: Part) => onChange([...parts, part])
  return (
    <div className={styles.parts}>
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts are told apart by their place alone
        <div key={index} className={styles.part}>
          {part.type === 'text' && (
            <SlotText
              label={t('content.script.text')}
              value={part.text}
              onChange={(text) => put(index, { type: 'text', text })}
            />
          )}
          {part.type === 'image' && (
            <FilePick
              accept="image"
              fileId={part.fileId || null}
              onDone={({ mediaAssetId }) => put(index, { type: 'image', fileId: mediaAssetId })}
            />
          )}
          {part.type === 'material' && (
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              aria-label={t('content.material')}
              placeholder={t('content.script.pickMaterial')}
              value={part.materialId || undefined}
              options={materials.map(({ materialId, title, kind }) => ({
                value: materialId,
                label: `${title} · ${t(`content.kind.${kind}`)}`,
              }))}
              onChange={(materialId) => put(index, { type: 'material', materialId })}
            />
          )}
          <span className={styles.tools}>
            <Tool
              icon="up"
              label={t('content.block.up')}
              off={index === 0}
              act={() => onChange(parts.toSpliced(index, 1).toSpliced(index - 1, 0, part))}
            />
            <Tool
              icon="close"
              label={t('content.block.remove')}
              off={parts.length === 1}
              act={() => onChange(parts.toSpliced(index, 1))}
            />
          </span>
        </div>
      ))}
      <div className={styles.row}>
        {(
          [
            ['text', { type: 'text', text: '' }],
            ['image', { type: 'image', fileId: '' }],
            ['material', { type: 'material', materialId: '' }],
          ] as const
        ).map(([word, part]) => (
          <Button
            key={word}
            size="small"
            icon={<Icon name="plus" size={12} />}
            disabled={parts.length >= PARTS_MAX}
            onClick={() => add(part)}
          >
            {t(`content.script.add.${word}`)}
          </Button>
        ))}
      </div>
    </div>
  )
}

function StageLine({ value, onChange }: { value: string[]; onChange: (ids: string[]) => void }) {
  const { t } = useTranslation()
  const book = api.useQuery('get', '/api/stage-flows', {})
  return (
    <Line label={t('content.script.stages')}>
      <Select
        mode="multiple"
        aria-label={t('content.script.stages')}
        placeholder={t('content.script.stagesHint')}
        showSearch={{ optionFilterProp: 'label' }}
        value={value}
        options={(book.data?.flows ?? []).flatMap((flow) =>
          flow.stages.map(({ stageId, name }) => ({ value: stageId, label: name })),
        )}
        onChange={onChange}
      />
    </Line>
  )
}

function useSave(library: LibraryName, script: Script | undefined, onClose: () => void) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const [isDone, setDone] = useState(false)
  const onSuccess = () => {
    setDone(true)
    refreshScripts()
    void message.success(t('content.saved'))
    onClose()
  }
  const createCorp = api.useMutation('post', '/api/scripts', { onSuccess })
  const createOwn = api.useMutation('post', '/api/own-scripts', { onSuccess })
  const saveCorp = api.useMutation('put', '/api/scripts/{scriptId}', { onSuccess })
  const saveOwn = api.useMutation('put', '/api/own-scripts/{ownScriptId}', { onSuccess })
  const removeCorp = api.useMutation('delete', '/api/scripts/{scriptId}', { onError, onSuccess })
  const removeOwn = api.useMutation('delete', '/api/own-scripts/{ownScriptId}', { onError, onSuccess })
  const all = [createCorp, createOwn, saveCorp, saveOwn]
  const id = script?.scriptId ?? ''
  return {
    isDone,
    isPending: all.some((one) => one.isPending),
    error: all.find((one) => one.error)?.error,
    run(body: Draft) {
      if (library === 'own')
        script ? saveOwn.mutate({ params: { path: { ownScriptId: id } }, body }) : createOwn.mutate({ body })
      else script ? saveCorp.mutate({ params: { path: { scriptId: id } }, body }) : createCorp.mutate({ body })
    },
    remove: () =>
      (library === 'own'
        ? removeOwn.mutateAsync({ params: { path: { ownScriptId: id } } })
        : removeCorp.mutateAsync({ params: { path: { scriptId: id } } })
      ).catch(() => undefined),
  }
}
