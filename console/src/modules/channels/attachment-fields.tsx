import { Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { FilePick } from '../content/file-pick.tsx'
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
          <FilePick
            accept="image"
            fileId={attachment.mediaAssetId}
            onDone={({ mediaAssetId }) => onChange({ ...attachment, mediaAssetId, url: mediaUrl(mediaAssetId) })}
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
            <FilePick
              accept="image"
              fileId={attachment.mediaAssetId}
              onDone={({ mediaAssetId }) => onChange({ ...attachment, mediaAssetId, url: mediaUrl(mediaAssetId) })}
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
