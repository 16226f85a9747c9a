import { useTranslation } from 'react-i18next'
import { useSession } from '../staff/session.ts'
import styles from './content.module.css'
import { fileUrl, type PosterItem, type Said } from './use-content.ts'

export type Poster = Extract<Said, { kind: 'poster' }>['content']

/** A poster drawn in the browser, near to what the server draws: for designing, where every drag is seen at once. */
export function PosterView({
  poster,
  width,
  onGrab,
  chosen,
}: {
  poster: Poster
  width: number
  onGrab?: (index: number, event: React.PointerEvent | React.KeyboardEvent) => void
  chosen?: number | undefined
}) {
  const { t } = useTranslation()
  const said = useSaid()
  const scale = width / poster.width
  return (
    <div
      className={styles.poster}
      style={{
        width,
        height: poster.height * scale,
        background: poster.backgroundId ? `center / cover url(${fileUrl(poster.backgroundId)})` : poster.colour,
      }}
    >
      {poster.items.map((item, index) => {
        const place = {
          left: item.x * scale,
          top: item.y * scale,
          width: item.width * scale,
          height: item.height * scale,
        }
        return onGrab ? (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: items are told apart by their place alone
            key={index}
            type="button"
            className={styles.grab}
            aria-pressed={chosen === index}
            aria-label={[t(`content.poster.item.${item.type}`), said(item)].filter(Boolean).join(' ')}
            style={place}
            onPointerDown={(event) => onGrab(index, event)}
            onKeyDown={(event) => onGrab(index, event)}
          >
            <ItemLook item={item} scale={scale} />
          </button>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: items are told apart by their place alone
          <span key={index} className={styles.placed} style={place}>
            <ItemLook item={item} scale={scale} />
          </span>
        )
      })}
    </div>
  )
}

/** What an item shows in letters; a person's name stands for the member's who will send it. */
function useSaid(): (item: PosterItem) => string {
  const { t } = useTranslation()
  const { name } = useSession()
  return (item) => {
    if (item.type === 'qr') return ''
    if (item.type === 'avatar') return [...name][0] ?? ''
    return item.type === 'nickname' ? name : item.text || t('content.poster.item.text')
  }
}

function ItemLook({ item, scale }: { item: PosterItem; scale: number }) {
  const said = useSaid()
  if (item.type === 'qr') return <span className={styles.fakeQr} aria-hidden />
  if (item.type === 'avatar')
    return (
      <span
        className={styles.face}
        style={{ borderRadius: item.round ? '50%' : '12%', fontSize: item.height * scale * 0.46 }}
      >
        {said(item)}
      </span>
    )
  return (
    <span className={styles.words} style={{ color: item.colour, fontSize: item.size * scale, textAlign: item.align }}>
      {said(item)}
    </span>
  )
}
