import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { toProblem } from '../../api/problem.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { sayCount, sayRate } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { Moment } from '../../ui/time.tsx'
import { languageOf } from '../../ui/time-words.ts'
import styles from './broadcasts.module.css'
import type { Preview } from './use-broadcasts.ts'

interface Props {
  preview: Preview | undefined
  error: unknown
  isCounting: boolean
  ready: boolean
}

/** Of whoever was picked, who gets it and why the others do not; always in sight while it is written. */
export function FunnelPanel({ preview, error, isCounting, ready }: Props) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  if (!ready)
    return (
      <Panel title={t('broadcasts.funnel.title')}>
        <p className="soft">{t('broadcasts.funnel.pickFirst')}</p>
      </Panel>
    )
  if (error && !preview)
    return (
      <Panel title={t('broadcasts.funnel.title')}>
        <p className="warn">{toProblem(error).message}</p>
      </Panel>
    )
  if (!preview)
    return (
      <Panel title={t('broadcasts.funnel.title')}>
        <p className="soft">{t('broadcasts.funnel.counting')}</p>
      </Panel>
    )
  return (
    <Panel>
      <div className={styles.figure} aria-live="polite" aria-busy={isCounting}>
        <small className="quiet">{t('broadcasts.funnel.reach')}</small>
        <b className={isCounting ? styles.counting : ''} data-testid="reached">
          {count(preview.reached)}
          <small> {t('segments.people')}</small>
        </b>
        <span className="soft">
          {t('broadcasts.funnel.ofPicked', {
            picked: count(preview.included),
            share: sayRate(preview.reached, preview.included),
          })}
        </span>
      </div>
      <Drops preview={preview} />
      <dl className={styles.facts}>
        <div>
          <dt>{t('broadcasts.funnel.when')}</dt>
          <dd>
            <Moment at={preview.at} />
            {preview.moved && <span className="warn small"> {t('broadcasts.funnel.moved')}</span>}
          </dd>
        </div>
        <div>
          <dt>{t('broadcasts.funnel.members')}</dt>
          <dd>
            {t('broadcasts.funnel.membersOf', { count: preview.members, tasks: preview.tasksMost })}
            {preview.busiest.length > 0 && (
              <span className={`quiet small ${styles.busiest}`}>
                {preview.busiest.map(({ name, people }) => `${name} ${count(people)}`).join(' · ')}
              </span>
            )}
          </dd>
        </div>
        <div>
          <dt>{t('broadcasts.funnel.word')}</dt>
          <dd>
            {preview.needsWord
              ? t('broadcasts.funnel.needsWord', { n: count(preview.approvalAbove) })
              : t('broadcasts.funnel.needsNone')}
          </dd>
        </div>
      </dl>
      {preview.overlaps.length > 0 && (
        <section className={styles.overlaps} aria-label={t('broadcasts.funnel.overlaps')}>
          <h3>{t('broadcasts.funnel.overlaps')}</h3>
          <ul>
            {preview.overlaps.map(({ touchId, title, at, people }) => (
              <li key={touchId}>
                <span>{title}</span>
                <small className="quiet">
                  <Moment at={at} />
                </small>
                <b>{count(people)}</b>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Panel>
  )
}

/** Steps from all that were picked down to those who get it; each step as wide as what is left. */
function Drops({ preview }: { preview: Preview }) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const whole = Math.max(preview.included, 1)
  const width = (n: number) => `${Math.max((n / whole) * 100, n > 0 ? 1.5 : 0)}%`
  const out = [
    ...(preview.excluded > 0 ? [{ says: t('broadcasts.excludedFate'), people: preview.excluded, samples: [] }] : []),
    ...(preview.unsendable > 0
      ? [{ says: t('broadcasts.unsendableFate'), people: preview.unsendable, samples: [] }]
      : []),
    ...preview.drops.map(({ fate, people, samples }) => ({ says: t(`touches.fate.${fate}`), people, samples })),
  ]
  return (
    <ol className={styles.funnel} aria-label={t('broadcasts.funnel.title')}>
      <li>
        <span>{t('broadcasts.funnel.picked')}</span>
        <b>{count(preview.included)}</b>
        <i className={styles.stay} style={{ width: width(preview.included) }} />
      </li>
      {out.map(({ says, people, samples }) => (
        <li key={says} className={styles.drop}>
          <span>
            {says}
            {samples.length > 0 && (
              <span className={styles.samples}>
                {samples.map(({ contactId, name, avatar }) => (
                  <Link key={contactId} to={`/contacts/${contactId}`} title={name}>
                    <Avatar name={name} src={avatar} size={18} />
                  </Link>
                ))}
              </span>
            )}
          </span>
          <b>−{count(people)}</b>
          <i style={{ width: width(people) }} />
        </li>
      ))}
      <li className={styles.reach}>
        <span>
          <Icon name="check" size={14} /> {t('broadcasts.funnel.gets')}
        </span>
        <b>{count(preview.reached)}</b>
        <i className={styles.stay} style={{ width: width(preview.reached) }} />
      </li>
    </ol>
  )
}
