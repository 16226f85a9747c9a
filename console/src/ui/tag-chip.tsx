import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './tag-chip.module.css'

export type Provenance = 'staff' | 'rule' | 'wecom' | 'self'
const SHAPES: Record<Provenance, string> = {
  staff: 'M3.5 .2a3.300 3.300 0 1 1 0 6.600 3.300 3.300 0 1 1 0-6.600z',
  rule: 'M3.500 0 7 3.500 3.500 7 0 3.500z',
  wecom: 'M.5.5h6v6h-6z',
  self: 'M3.500.4 7 6.600H0z',
}

/** Who put a tag there, by shape and colour: ● by hand, ◆ a rule, ■ WeCom, ▲ the customer. */
export function ProvenanceMark({ source }: { source: Provenance }) {
  const { t } = useTranslation()
  return (
    <svg
      viewBox="0 0 7 7"
      className={`${styles.mark} ${styles[source]}`}
      role="img"
      aria-label={t(`tags.source.${source}`)}
    >
      <path d={SHAPES[source]} fill="currentColor" />
    </svg>
  )
}

export function TagChip({ name, source, pending = false }: { name: string; source?: Provenance; pending?: boolean }) {
  return (
    <span className={`${styles.chip} ${pending ? styles.pending : ''}`} title={name}>
      {source && <ProvenanceMark source={source} />}
      <span>{name}</span>
    </span>
  )
}

/** A tag to press, for its story. Takes what a popover hands its child. */
export function TagButton({
  name,
  source,
  pending = false,
  ...rest
}: { name: string; source: Provenance; pending?: boolean } & Omit<
  ComponentProps<'button'>,
  'name' | 'className' | 'type'
>) {
  return (
    <button type="button" {...rest} className={`${styles.chip} ${pending ? styles.pending : ''}`}>
      <ProvenanceMark source={source} />
      <span>{name}</span>
    </button>
  )
}

/** Two tags in a row, then +n. */
export function TagRow({
  tags,
  shown = 2,
}: {
  tags: { name: string; source: Provenance; tagId: string }[]
  shown?: number
}) {
  if (tags.length === 0) return <span className="quiet">—</span>
  return (
    <span className={styles.row} title={tags.map((tag) => tag.name).join('、')}>
      {tags.slice(0, shown).map((tag) => (
        <TagChip key={tag.tagId} name={tag.name} source={tag.source} />
      ))}
      {tags.length > shown && <span className="quiet small">+{tags.length - shown}</span>}
    </span>
  )
}

export function ProvenanceLegend() {
  const { t } = useTranslation()
  return (
    <span className={styles.legend}>
      {(['staff', 'rule', 'wecom', 'self'] as const).map((source) => (
        <span key={source}>
          <ProvenanceMark source={source} />
          {t(`tags.source.${source}`)}
        </span>
      ))}
    </span>
  )
}
