import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { toProblem } from '../../api/problem.ts'
import type { Answer } from '../../api/types.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { sayCount, sayRate } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { type Group, isGroup } from './rule.ts'
import { sayRule } from './say-rule.ts'
import styles from './segments.module.css'
import type { Vocabulary } from './use-names.ts'
import type { usePreview } from './use-preview.ts'

interface Props {
  rule: Group
  words: Vocabulary
  preview: ReturnType<typeof usePreview>
  /** Members of what is saved; nothing while it is new. */
  saved: Answer<'/api/segments/{segmentId}'> | undefined
}

/** How many there would be, what each condition takes away, and who some of them are. */
export function PreviewPanel({ rule, words, preview: { whole, parts, isCounting }, saved }: Props) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  if (whole.error && !whole.data)
    return (
      <Panel title={t('segments.wouldHold')}>
        <p className="soft">{toProblem(whole.error).message}</p>
      </Panel>
    )
  const { members, customers, sample } = whole.data ?? { members: saved?.members ?? null, customers: 0, sample: [] }
  return (
    <Panel>
      <div className={styles.figure} aria-live="polite" aria-busy={isCounting}>
        <span>
          <small className="quiet">{saved ? t('segments.now') : t('segments.wouldHold')}</small>
          <b className={isCounting ? styles.counting : ''} data-testid="segment-count">
            {members === null ? '—' : count(members)}
            <small> {t('segments.people')}</small>
          </b>
        </span>
        {customers > 0 && members !== null && (
          <span className="soft">
            {t('segments.share', { share: sayRate(members, customers), all: count(customers) })}
          </span>
        )}
      </div>
      {parts.data && customers > 0 && rule.is === 'all' && parts.data.left.length === rule.of.length && (
        <Funnel rule={rule} words={words} left={parts.data.left} customers={customers} />
      )}
      {sample.length > 0 && (
        <ul className={styles.faces} aria-label={t('segments.sample')}>
          {sample.map(({ contactId, name, avatar }) => (
            <li key={contactId}>
              <Link to={`/contacts/${contactId}`} title={name}>
                <Avatar name={name} src={avatar} />
                <span>{name || '—'}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {members === 0 && <p className="soft">{t('segments.nobody')}</p>}
    </Panel>
  )
}

function Funnel({
  rule,
  words,
  left,
  customers,
}: {
  rule: Group
  words: Vocabulary
  left: number[]
  customers: number
}) {
  const { t, i18n } = useTranslation()
  const steps = [
    { name: t('segments.everybody'), n: customers },
    ...rule.of.map((part, i) => ({
      name: isGroup(part) ? t('segments.groupStep') : sayRule(part, t, words.names),
      n: left[i] ?? 0,
    })),
  ]
  return (
    <ol className={styles.funnel}>
      {steps.map(({ name, n }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is where it stands
        <li key={i}>
          <span title={name}>{name}</span>
          <i style={{ width: `${customers > 0 ? Math.max(1, (n / customers) * 100) : 0}%` }} />
          <b>{sayCount(n, languageOf(i18n))}</b>
          <small className="quiet">
            {i === 0 || (steps[i - 1]?.n ?? 0) === n
              ? ''
              : `−${sayCount((steps[i - 1]?.n ?? 0) - n, languageOf(i18n))}`}
          </small>
        </li>
      ))}
    </ol>
  )
}
