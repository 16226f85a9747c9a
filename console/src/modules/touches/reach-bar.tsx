import { useTranslation } from 'react-i18next'
import { sayCount } from '../../ui/number-words.ts'
import { languageOf } from '../../ui/time-words.ts'
import styles from './touches.module.css'
import { countOf, type FateName, GROUPS, type Touch } from './use-touches.ts'

const ORDER = ['sent', 'planned', 'failed', 'skipped'] as const

/** What became of a touch's people as one bar, and in words why some were left alone. */
export function ReachBar({ counts }: { counts: Touch['counts'] }) {
  const { t, i18n } = useTranslation()
  const language = languageOf(i18n)
  const parts = ORDER.map((group) => ({ group, people: countOf(counts, GROUPS[group]) })).filter(
    ({ people }) => people > 0,
  )
  const why = (Object.entries(counts) as [FateName, number][])
    .filter(([fate]) => ([...GROUPS.skipped, ...GROUPS.failed] as FateName[]).includes(fate))
    .sort(([, a], [, b]) => b - a)
  return (
    <div className={styles.reach}>
      <div className={styles.bar}>
        {parts.map(({ group, people }) => (
          <i key={group} data-group={group} style={{ flexGrow: people }} />
        ))}
      </div>
      <p>
        {parts.map(({ group, people }) => (
          <span key={group} data-group={group}>
            {t(`touches.group.${group}`)} <b>{sayCount(people, language)}</b>
          </span>
        ))}
      </p>
      {why.length > 0 && (
        <small className="quiet">
          {why.map(([fate, people]) => `${t(`touches.fate.${fate}`)} ${sayCount(people, language)}`).join(' · ')}
        </small>
      )}
    </div>
  )
}
