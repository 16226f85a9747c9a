import { Icon, type IconName } from '../../ui/icon.tsx'
import styles from './content.module.css'
import { fileUrl, type Kind } from './use-content.ts'

export const KIND_ICONS: Record<Kind | 'script', IconName> = {
  text: 'message',
  image: 'image',
  video: 'play',
  file: 'archive',
  pdf: 'log',
  link: 'link',
  article: 'edit',
  mini_program: 'mini',
  poster: 'qr',
  product: 'tag',
  script: 'message',
}

/** What a material looks like, small: its picture, else the sign of its kind. */
export function Shot({
  kind,
  pictureId,
  size = 28,
}: {
  kind: Kind | 'script'
  pictureId: string | null
  size?: number
}) {
  return pictureId ? (
    <img className={styles.shot} src={fileUrl(pictureId)} alt="" width={size} height={size} loading="lazy" />
  ) : (
    <span className={styles.shot} style={{ width: size, height: size }}>
      <Icon name={KIND_ICONS[kind]} size={Math.round(size * 0.55)} />
    </span>
  )
}
