import { Button, Input } from 'antd'
import { type ChangeEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Problem, toProblem } from '../../api/problem.ts'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { type DraftAttachment, type Faults, mediaUrl } from './draft.ts'
import { useFaultWords } from './field.tsx'
import styles from './form.module.css'

interface Props {
  attachment: DraftAttachment
  fault: Faults[string] | undefined
  onChange: (attachment: DraftAttachment) => void
  onRemove: () => void
  onUp: (() => void) | undefined
}

const ICONS: Record<DraftAttachment['type'], IconName> = { image: 'image', link: 'link', miniprogram: 'mini' }

export function AttachmentFields({ attachment, fault, onChange, onRemove, onUp }: Props) {
  const { t } = useTranslation()
  const words = useFaultWords(fault)
  const kind = t(`channels.form.${attachment.type === 'miniprogram' ? 'mini' : attachment.type}`)
  const text = (label: string, value: string, put: (value: string) => void) => (
    <Input
      size="small"
      placeholder={label}
      aria-label={label}
      value={value}
      onChange={(event) => put(event.target.value)}
    />
  )
  return (
    <div className={styles.attachment}>
      <span className={styles.kind}>
        <Icon name={ICONS[attachment.type]} size={15} />
        {kind}
      </span>
      <div className={styles.inputs}>
        {attachment.type === 'image' && (
          <Picture
            url={attachment.url}
            onDone={(mediaAssetId) => onChange({ ...attachment, mediaAssetId, url: mediaUrl(mediaAssetId) })}
          />
        )}
        {attachment.type === 'link' && (
          <>
            {text(t('channels.form.linkTitle'), attachment.title, (title) => onChange({ ...attachment, title }))}
            {text(`${t('channels.form.linkUrl')} https://`, attachment.url, (url) => onChange({ ...attachment, url }))}
            {text(`${t('channels.form.linkDesc')} · ${t('corps.optional')}`, attachment.desc, (desc) =>
              onChange({ ...attachment, desc }),
            )}
            {text(`${t('channels.form.linkPicture')} · ${t('corps.optional')}`, attachment.picurl, (picurl) =>
              onChange({ ...attachment, picurl }),
            )}
          </>
        )}
        {attachment.type === 'miniprogram' && (
          <>
            {text(t('channels.form.miniTitle'), attachment.title, (title) => onChange({ ...attachment, title }))}
            {text(t('channels.form.miniAppid'), attachment.appid, (appid) => onChange({ ...attachment, appid }))}
            {text(t('channels.form.miniPage'), attachment.page, (page) => onChange({ ...attachment, page }))}
            <Picture
              url={attachment.url}
              onDone={(mediaAssetId) => onChange({ ...attachment, mediaAssetId, url: mediaUrl(mediaAssetId) })}
            />
          </>
        )}
        {words && (
          <span className={styles.wrong} role="alert">
            {words}
          </span>
        )}
      </div>
      <span className={styles.tools}>
        <button
          type="button"
          className={styles.tool}
          disabled={!onUp}
          onClick={onUp}
          aria-label={t('channels.form.moveUp')}
        >
          <Icon name="up" size={14} />
        </button>
        <button
          type="button"
          className={styles.tool}
          onClick={onRemove}
          aria-label={t('channels.form.removeAttachment')}
        >
          <Icon name="close" size={14} />
        </button>
      </span>
    </div>
  )
}

/** Picks a picture and brings it to the server at once; the draft keeps its number. */
function Picture({ url, onDone }: { url: string; onDone: (mediaAssetId: string) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [state, setState] = useState<{ busy: boolean; problem?: Problem }>({ busy: false })
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    event.target.value = '' // the same file may be chosen again
    if (!file) return
    setState({ busy: true })
    try {
      onDone(await uploadPicture(file))
      setState({ busy: false })
    } catch (error) {
      setState({ busy: false, problem: toProblem(error) })
    }
  }
  return (
    <div className={styles.upload}>
      {url && <img src={url} alt="" />}
      <input ref={input} type="file" accept="image/png,image/jpeg" hidden onChange={(event) => void choose(event)} />
      <Button size="small" loading={state.busy} onClick={() => input.current?.click()}>
        {state.busy ? t('channels.form.uploading') : t('channels.form.upload')}
      </Button>
      {state.problem ? (
        <span className={styles.wrong} role="alert">
          {state.problem.message || t('states.offlineWhy')}
        </span>
      ) : (
        <span className={styles.hint}>{t('channels.form.imageHint')}</span>
      )}
    </div>
  )
}

/** The file itself is the body: the one call the JSON client does not make. */
async function uploadPicture(file: File): Promise<string> {
  const response = await fetch(`/api/media?${new URLSearchParams({ name: file.name.slice(0, 100) })}`, {
    method: 'POST',
    body: file,
    headers: { 'content-type': file.type },
  })
  const answer: unknown = await response.json()
  if (!response.ok) throw answer
  if (typeof answer !== 'object' || answer === null || !('mediaAssetId' in answer))
    throw new Error('the server answered without a number')
  return String(answer.mediaAssetId)
}
