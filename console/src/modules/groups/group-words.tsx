import { useTranslation } from 'react-i18next'
import { Avatar } from '../../ui/avatar.tsx'
import { TagChip } from '../../ui/tag-chip.tsx'
import styles from './groups.module.css'
import type { Group, Member } from './use-groups.ts'

const TAGS_SHOWN = 2

/** A group nobody has named is called so. */
export function GroupName({ name }: { name: string }) {
  const { t } = useTranslation()
  return name ? <b>{name}</b> : <b className="quiet">{t('groups.unnamed')}</b>
}

/** Came and went: +12 −3. */
export function Turns({ joined, left }: { joined: number; left: number }) {
  const { t } = useTranslation()
  if (joined === 0 && left === 0) return <span className="quiet">—</span>
  return (
    <span className={styles.turns} title={t('groups.turns', { joined, left })}>
      <span className={joined > 0 ? 'good' : 'quiet'}>+{joined}</span>
      <span className={left > 0 ? 'bad' : 'quiet'}>−{left}</span>
    </span>
  )
}

/** How alive, as a bar and a word; the whole reckoning on hover and, on its page, in full. */
export function Score({ group }: { group: Pick<Group, 'score' | 'level' | 'parts'> }) {
  const { t } = useTranslation()
  const { score, level, parts } = group
  if (score === null || level === null) return <span className="quiet">—</span>
  const why = parts
    ? t('groups.scoreWhy', { active: parts.active, customers: parts.customers, joined: parts.joined, left: parts.left })
    : ''
  return (
    <span className={styles.score} title={why}>
      <i aria-hidden>
        <b className={styles[level]} style={{ width: `${score}%` }} />
      </i>
      <span className="num">{score}</span>
      <small>{t(`groups.level.${level}`)}</small>
    </span>
  )
}

/** Who somebody in a group is: with us, somebody's customer, or nobody we know. */
export function Who({ person }: { person: Pick<Member, 'name' | 'avatar' | 'is'> & { nickname?: string } }) {
  const { t } = useTranslation()
  return (
    <span className={styles.who}>
      <Avatar name={person.name} src={person.avatar} />
      <b>{person.name || t('groups.nameless')}</b>
      {person.nickname && person.nickname !== person.name && <small>{person.nickname}</small>}
      <span className={`${styles.is} ${styles[person.is]}`}>{t(`groups.is.${person.is}`)}</span>
    </span>
  )
}

export function Tags({ tags }: { tags: { tagId: string; name: string }[] }) {
  if (tags.length === 0) return '—'
  return (
    <span className={styles.tags}>
      {tags.slice(0, TAGS_SHOWN).map((tag) => (
        <TagChip key={tag.tagId} name={tag.name} />
      ))}
      {tags.length > TAGS_SHOWN && <small className="quiet">+{tags.length - TAGS_SHOWN}</small>}
    </span>
  )
}

export const sayNames = (people: { name: string }[]): string => people.map(({ name }) => name).join('、') || '—'
