import { useTranslation } from 'react-i18next'
import type { Answer } from '../../api/types.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { useNow } from '../../ui/clock.ts'
import { languageOf, sayDay } from '../../ui/time-words.ts'
import styles from './stages.module.css'

type Row = Answer<'/api/contacts'>['items'][number]

/** Whom a drag carries. */
export interface Card {
  contactId: string
  name: string
  stageId: string | undefined
}
const TYPE = 'application/x-siyu-contact'

export function readCard(data: DataTransfer): Card | undefined {
  const text = data.getData(TYPE)
  return text ? (JSON.parse(text) as Card) : undefined
}

interface Props {
  row: Row
  flowId: string
  isOpen: boolean
  onOpen: (contactId: string) => void
  onStep: ((card: Card, by: number) => void) | undefined
}

const KEYS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 }

export function BoardCard({ row, flowId, isOpen, onOpen, onStep }: Props) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const stay = row.stages.find((stage) => stage.flowId === flowId)
  const card: Card = { contactId: row.contactId, name: row.name, stageId: stay?.stageId }
  return (
    <button
      type="button"
      className={styles.person}
      aria-current={isOpen || undefined}
      aria-keyshortcuts={onStep ? 'ArrowLeft ArrowRight' : undefined}
      title={onStep ? t('stages.keys') : undefined}
      draggable={onStep !== undefined}
      onDragStart={(event) => {
        event.dataTransfer.setData(TYPE, JSON.stringify(card))
        event.dataTransfer.effectAllowed = 'move'
      }}
      onClick={() => onOpen(row.contactId)}
      onKeyDown={(event) => {
        const by = KEYS[event.key]
        if (!by || !onStep) return
        event.preventDefault()
        onStep(card, by)
      }}
    >
      <span className={styles.who}>
        <Avatar name={row.name} src={row.avatar} size={22} />
        <b>{row.name || '—'}</b>
        {stay?.toldAt && <em className={styles.late}>{t('stages.tooLong')}</em>}
      </span>
      <span className={styles.meta}>
        <span>{row.followers[0]?.name ?? '—'}</span>
        {stay && <span>{t('stages.since', { at: sayDay(new Date(stay.since), now, languageOf(i18n)) })}</span>}
      </span>
    </button>
  )
}
