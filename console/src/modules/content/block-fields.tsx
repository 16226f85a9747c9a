import { Button, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import styles from './content.module.css'
import { FilePick } from './file-pick.tsx'
import type { Block } from './use-content.ts'

const BLOCKS_MAX = 300
const TYPES = ['paragraph', 'heading', 'picture', 'list', 'quote'] as const

const blank = (type: Block['type']): Block => {
  if (type === 'picture') return { type, fileId: '', caption: '' }
  return type === 'list' ? { type, ordered: false, items: [''] } : { type, text: '' }
}

/** An article in its pieces: moved by their buttons, put in between, taken out. */
export function BlockFields({ blocks, onChange }: { blocks: Block[]; onChange: (blocks: Block[]) => void }) {
  const { t } = useTranslation()
  const put = (index: number, block: Block) => onChange(blocks.map((one, i) => (i === index ? block : one)))
  const move = (index: number, step: number) => {
    const block = blocks[index]
    if (block) onChange(blocks.toSpliced(index, 1).toSpliced(index + step, 0, block))
  }
  return (
    <div className={styles.blocks}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces are told apart by their place alone
        <div key={index} className={styles.block}>
          <span className="quiet small">{t(`content.block.${block.type}`)}</span>
          <BlockInput block={block} onChange={(next) => put(index, next)} />
          <span className={styles.tools}>
            <Tool icon="up" label={t('content.block.up')} off={index === 0} act={() => move(index, -1)} />
            <Tool
              icon="down"
              label={t('content.block.down')}
              off={index === blocks.length - 1}
              act={() => move(index, 1)}
            />
            <Tool
              icon="close"
              label={t('content.block.remove')}
              off={blocks.length === 1}
              act={() => onChange(blocks.toSpliced(index, 1))}
            />
          </span>
        </div>
      ))}
      <div className={styles.row}>
        {TYPES.map((type) => (
          <Button
            key={type}
            size="small"
            icon={<Icon name="plus" size={12} />}
            disabled={blocks.length >= BLOCKS_MAX}
            onClick={() => onChange([...blocks, blank(type)])}
          >
            {t(`content.block.${type}`)}
          </Button>
        ))}
      </div>
    </div>
  )
}

export function Tool({
  icon,
  label,
  off,
  act,
}: {
  icon: 'up' | 'down' | 'close' | 'edit' | 'trash'
  label: string
  off?: boolean
  act: () => void
}) {
  return (
    <button type="button" className={styles.tool} disabled={off} onClick={act} aria-label={label} title={label}>
      <Icon name={icon} size={14} />
    </button>
  )
}

function BlockInput({ block, onChange }: { block: Block; onChange: (block: Block) => void }) {
  const { t } = useTranslation()
  const label = t(`content.block.${block.type}`)
  if (block.type === 'picture')
    return (
      <div>
        <FilePick
          accept="image"
          fileId={block.fileId || null}
          onDone={({ mediaAssetId }) => onChange({ ...block, fileId: mediaAssetId })}
        />
        <Input
          size="small"
          maxLength={200}
          placeholder={t('content.block.caption')}
          aria-label={t('content.block.caption')}
          value={block.caption}
          onChange={(event) => onChange({ ...block, caption: event.target.value })}
        />
      </div>
    )
  if (block.type === 'list')
    return (
      <Input.TextArea
        autoSize={{ minRows: 2, maxRows: 12 }}
        aria-label={label}
        placeholder={t('content.block.listHint')}
        value={block.items.join('\n')}
        onChange={(event) => onChange({ ...block, items: event.target.value.split('\n').slice(0, 50) })}
      />
    )
  return (
    <Input.TextArea
      autoSize={{ minRows: 1, maxRows: 12 }}
      maxLength={block.type === 'heading' ? 200 : 2000}
      aria-label={label}
      value={block.text}
      onChange={(event) => onChange({ ...block, text: event.target.value })}
    />
  )
}
