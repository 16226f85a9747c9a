import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount, sayRate, sayYuan } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { SkeletonBlock } from '../../ui/states.tsx'
import { languageOf } from '../../ui/time-words.ts'
import styles from './broadcasts.module.css'
import { letterOf, type Results, type Run } from './use-broadcasts.ts'

const points = (share: number) => `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(1)}`

/** What it brought: in money, against other wordings, and against people left alone. */
export function ResultsPanel({ query, run }: { query: UseQueryResult<Results, unknown>; run: Run }) {
  const { t } = useTranslation()
  return (
    <Panel
      title={t('broadcasts.results.title')}
      sub={t(query.data?.open ? 'broadcasts.results.open' : 'broadcasts.results.closed', { days: run.windowDays })}
    >
      <Loaded query={query} what={t('broadcasts.results.title')} skeleton={<SkeletonBlock height={140} />}>
        {(results) => (
          <div className={styles.fields}>
            {results.verdict && <Verdict results={results} />}
            <Arms results={results} />
            {results.lift && <Lift lift={results.lift} />}
          </div>
        )}
      </Loaded>
    </Panel>
  )
}

function Verdict({ results: { verdict, split } }: { results: Results }) {
  const { t } = useTranslation()
  if (!verdict) return null
  if (split?.skewed) return <p className="warn">{t('broadcasts.results.skewed', { p: split.p.toExponential(1) })}</p>
  const says =
    verdict.state === 'winner'
      ? t('broadcasts.results.winner', { letter: letterOf(verdict.best ?? 0) })
      : verdict.state === 'same'
        ? t('broadcasts.results.same')
        : t('broadcasts.results.unknown')
  return <p className={styles.verdict}>{says}</p>
}

function Arms({ results }: { results: Results }) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const rows =
    results.variants.length > 1
      ? [
          ...results.variants.map((arm, nr) => ({ key: letterOf(nr), arm, over: results.verdict?.overFirst[nr] })),
          { key: t('broadcasts.results.all'), arm: results.all, over: undefined },
        ]
      : [{ key: t('broadcasts.results.all'), arm: results.all, over: undefined }]
  return (
    <div className={styles.table}>
      <table aria-label={t('broadcasts.results.title')}>
        <thead>
          <tr>
            <th scope="col" aria-label={t('broadcasts.results.who')} />
            {(['people', 'sent', 'buyers', 'rate', 'amount', 'left', 'refused'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`broadcasts.results.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, arm, over }) => (
            <tr key={key}>
              <th scope="row">{key}</th>
              <td>{count(arm.people)}</td>
              <td>{count(arm.sent)}</td>
              <td>{count(arm.buyers)}</td>
              <td>
                <b>{sayRate(arm.buyers, arm.people)}</b>
                {over && (
                  <small className="quiet">
                    {' '}
                    {t('broadcasts.results.over', { from: points(over.from), to: points(over.to) })}
                  </small>
                )}
              </td>
              <td>{sayYuan(arm.amountFen)}</td>
              <td>{count(arm.left)}</td>
              <td>{count(arm.refused)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Lift({ lift }: { lift: NonNullable<Results['lift']> }) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const { treated, heldOut, difference, sure, extraFen } = lift
  return (
    <section aria-label={t('broadcasts.results.lift')}>
      <h3>{t('broadcasts.results.lift')}</h3>
      <p className="soft">
        {sure ? t('broadcasts.results.sure') : t('broadcasts.results.unsure')}{' '}
        {t('broadcasts.results.between', { from: points(difference.from), to: points(difference.to) })}
      </p>
      <div className={styles.lift}>
        <span>
          <small className="quiet">{t('broadcasts.results.treated', { n: count(treated.of) })}</small>
          <b>{sayRate(treated.yes, treated.of)}</b>
        </span>
        <span>
          <small className="quiet">{t('broadcasts.results.heldOut', { n: count(heldOut.of) })}</small>
          <b>{sayRate(heldOut.yes, heldOut.of)}</b>
        </span>
        <span>
          <small className="quiet">{t('broadcasts.results.extra')}</small>
          <b>{extraFen === null ? t('broadcasts.results.tooFew') : sayYuan(extraFen)}</b>
        </span>
      </div>
    </section>
  )
}
