import { useTranslation } from 'react-i18next'
import styles from './contacts.module.css'

/** Kinds of the journal, gathered by what people look for. */
export const GROUPS = {
  all: undefined,
  note: ['note.added', 'note.edited'],
  visit: [
    'page.viewed',
    'element.clicked',
    'element.viewed',
    'product.viewed',
    'search.made',
    'favourite.added',
    'cart.added',
    'product.bought',
    'form.submitted',
    'message.sent',
    'live.booked',
    'live.watched',
  ],
  friend: [
    'contact.added',
    'contact.half_added',
    'contact.lost',
    'contact.merged',
    'contact.parted',
    'staff.changed',
    'channel.scanned',
    'group.joined',
    'group.left',
  ],
  message: ['welcome.sent', 'welcome.failed'],
  tag: ['tag.added', 'tag.removed'],
  edit: ['contact.edited'],
} as const
export type JournalGroup = keyof typeof GROUPS
const NAMES = Object.keys(GROUPS) as JournalGroup[]

export function JournalFilter({ group, onChange }: { group: JournalGroup; onChange: (group: JournalGroup) => void }) {
  const { t } = useTranslation()
  return (
    <fieldset className={styles.chips}>
      <legend className="unseen">{t('journal.filter')}</legend>
      {NAMES.map((name) => (
        <button
          key={name}
          type="button"
          className={styles.chip}
          aria-pressed={group === name}
          onClick={() => onChange(name)}
        >
          {t(`journal.groups.${name}`)}
        </button>
      ))}
    </fieldset>
  )
}
