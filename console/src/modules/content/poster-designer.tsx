import { Button, ColorPicker, Input, InputNumber, Modal, Select } from 'antd'
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import styles from './content.module.css'
import { FilePick } from './file-pick.tsx'
import { type Poster, PosterView } from './poster-view.tsx'
import type { PosterItem } from './use-content.ts'

const SHOWN = 300
const STEP = 10
const ITEMS_MAX = 20

const NEW: Record<PosterItem['type'], (at: { width: number; height: number }) => PosterItem> = {
  qr: ({ width, height }) => ({ type: 'qr', x: width - 300, y: height - 300, width: 240, height: 240 }),
  avatar: () => ({ type: 'avatar', x: 60, y: 60, width: 120, height: 120, round: true }),
  nickname: () => ({
    type: 'nickname',
    x: 60,
    y: 200,
    width: 400,
    height: 60,
    size: 40,
    colour: '#1D2320',
    align: 'left',
  }),
  text: ({ width }) => ({
    type: 'text',
    x: 60,
    y: 280,
    width: width - 120,
    height: 140,
    text: '',
    size: 48,
    colour: '#1D2320',
    align: 'left',
  }),
}

/** A background, and what is put on it dragged to its place; arrow keys move it too. */
export function PosterDesigner({ poster, onChange }: { poster: Poster; onChange: (poster: Poster) => void }) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<number>()
  const held = useRef<{ index: number; x: number; y: number; item: PosterItem } | undefined>(undefined)
  const scale = SHOWN / poster.width
  const put = (index: number, change: Partial<PosterItem>) =>
    onChange({
      ...poster,
      items: poster.items.map((item, i) => (i === index ? within(poster, { ...item, ...change } as PosterItem) : item)),
    })
  const grab = (index: number, event: PointerEvent | KeyboardEvent) => {
    const item = poster.items[index]
    if (!item) return
    setChosen(index)
    if ('clientX' in event) {
      event.currentTarget.setPointerCapture(event.pointerId)
      held.current = { index, x: event.clientX, y: event.clientY, item }
      return
    }
    const step = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key]
    if (!step) return
    event.preventDefault()
    put(index, { x: item.x + (step[0] ?? 0), y: item.y + (step[1] ?? 0) })
  }
  const drag = (event: PointerEvent) => {
    const from = held.current
    if (!from) return
    put(from.index, {
      x: Math.round(from.item.x + (event.clientX - from.x) / scale),
      y: Math.round(from.item.y + (event.clientY - from.y) / scale),
    })
  }
  const item = chosen === undefined ? undefined : poster.items[chosen]
  const add = (type: PosterItem['type']) => {
    onChange({ ...poster, items: [...poster.items, within(poster, NEW[type](poster))] })
    setChosen(poster.items.length)
  }
  return (
    <div className={styles.designer}>
      <div
        onPointerMove={drag}
        onPointerUp={() => (held.current = undefined)}
        onPointerCancel={() => (held.current = undefined)}
      >
        <PosterView poster={poster} width={SHOWN} onGrab={grab} chosen={chosen} />
      </div>
      <div className={styles.designTools}>
        <FilePick
          accept="image"
          label={t('content.poster.background')}
          fileId={poster.backgroundId}
          onDone={({ mediaAssetId }) => onChange({ ...poster, backgroundId: mediaAssetId })}
          onClear={() => onChange({ ...poster, backgroundId: null })}
        />
        <div className={styles.row}>
          <span className="soft small">{t('content.poster.colour')}</span>
          <ColorPicker
            size="small"
            disabledAlpha
            value={poster.colour}
            onChangeComplete={(colour) =>
              onChange({ ...poster, colour: colour.toHexString().slice(0, 7).toUpperCase() })
            }
          />
        </div>
        <div className={styles.row}>
          {(['text', 'qr', 'avatar', 'nickname'] as const).map((type) => (
            <Button
              key={type}
              size="small"
              icon={<Icon name="plus" size={12} />}
              disabled={poster.items.length >= ITEMS_MAX}
              onClick={() => add(type)}
            >
              {t(`content.poster.item.${type}`)}
            </Button>
          ))}
        </div>
        {item && chosen !== undefined ? (
          <ItemFields
            item={item}
            onChange={(change) => put(chosen, change)}
            onRemove={() => {
              onChange({ ...poster, items: poster.items.toSpliced(chosen, 1) })
              setChosen(undefined)
            }}
          />
        ) : (
          <p className="quiet small">{t('content.poster.pick')}</p>
        )}
        <Drawn poster={poster} />
      </div>
    </div>
  )
}

/** Kept on the poster: what hangs over is brought back. */
function within({ width, height }: Poster, item: PosterItem): PosterItem {
  const [wide, high] = [Math.min(Math.max(20, item.width), width), Math.min(Math.max(20, item.height), height)]
  const x = Math.min(Math.max(0, item.x), width - wide)
  const y = Math.min(Math.max(0, item.y), height - high)
  return { ...item, x, y, width: wide, height: high }
}

function ItemFields({
  item,
  onChange,
  onRemove,
}: {
  item: PosterItem
  onChange: (change: Partial<PosterItem>) => void
  onRemove: () => void
}) {
  const { t } = useTranslation()
  const side = (name: 'x' | 'y' | 'width' | 'height') => (
    <InputNumber
      size="small"
      prefix={t(`content.poster.${name}`)}
      aria-label={t(`content.poster.${name}`)}
      value={item[name]}
      onChange={(value) => typeof value === 'number' && onChange({ [name]: Math.round(value) })}
    />
  )
  const isSquare = item.type === 'qr' || item.type === 'avatar'
  return (
    <div className={styles.itemFields}>
      <b>{t(`content.poster.item.${item.type}`)}</b>
      {item.type === 'text' && (
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 5 }}
          maxLength={300}
          aria-label={t('content.poster.item.text')}
          value={item.text}
          onChange={(event) => onChange({ text: event.target.value })}
        />
      )}
      <div className={styles.row}>
        {side('x')}
        {side('y')}
      </div>
      <div className={styles.row}>
        {isSquare ? (
          <InputNumber
            size="small"
            prefix={t('content.poster.side')}
            aria-label={t('content.poster.side')}
            value={item.width}
            onChange={(value) =>
              typeof value === 'number' && onChange({ width: Math.round(value), height: Math.round(value) })
            }
          />
        ) : (
          <>
            {side('width')}
            {side('height')}
          </>
        )}
      </div>
      {(item.type === 'text' || item.type === 'nickname') && (
        <div className={styles.row}>
          <InputNumber
            size="small"
            min={12}
            max={200}
            prefix={t('content.poster.size')}
            aria-label={t('content.poster.size')}
            value={item.size}
            onChange={(value) => typeof value === 'number' && onChange({ size: Math.round(value) })}
          />
          <ColorPicker
            size="small"
            disabledAlpha
            value={item.colour}
            onChangeComplete={(colour) => onChange({ colour: colour.toHexString().slice(0, 7).toUpperCase() })}
          />
          <Select
            size="small"
            aria-label={t('content.poster.align')}
            value={item.align}
            options={(['left', 'center', 'right'] as const).map((value) => ({
              value,
              label: t(`content.poster.aligned.${value}`),
            }))}
            onChange={(align) => onChange({ align })}
          />
        </div>
      )}
      <Button size="small" danger icon={<Icon name="trash" size={14} />} onClick={onRemove}>
        {t('content.poster.remove')}
      </Button>
    </div>
  )
}

/** What the server makes of it, with its own fonts. */
function Drawn({ poster }: { poster: Poster }) {
  const { t } = useTranslation()
  const onError = useProblemToast()
  const [url, setUrl] = useState<string>()
  const [busy, setBusy] = useState(false)
  const draw = async () => {
    setBusy(true)
    try {
      const response = await fetch('/api/poster-samples', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...poster,
          items: poster.items.filter((item) => item.type !== 'text' || item.text.trim() !== ''),
        }),
      })
      if (!response.ok) throw await response.json()
      setUrl(await dataUrl(await response.blob()))
    } catch (error) {
      onError(error)
    } finally {
      setBusy(false)
    }
  }
  const close = () => setUrl(undefined)
  return (
    <>
      <Button size="small" loading={busy} icon={<Icon name="eye" size={14} />} onClick={() => void draw()}>
        {t('content.poster.draw')}
      </Button>
      <Modal open={url !== undefined} onCancel={close} footer={null} title={t('content.poster.drawn')} width={420}>
        {url && <img src={url} alt={t('content.poster.drawn')} style={{ width: '100%', display: 'block' }} />}
      </Modal>
    </>
  )
}

/** The page's own rules let no other addresses of pictures in. */
const dataUrl = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
