import { useTranslation } from 'react-i18next'
import { sayCount } from '../../../ui/number-words.ts'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { languageOf } from '../../../ui/time-words.ts'
import styles from './imports.module.css'
import type { Run } from './use-imports.ts'

export function ImportBar({ run: { rowsDone, rows, state } }: { run: Run }) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  return (
    <ProgressBar
      label={t('bulk.column.progress')}
      done={rowsDone}
      total={Math.max(rows, 1)}
      said={t('orderWork.imports.rows', { done: count(rowsDone), total: count(rows) })}
      failed={state === 'failed'}
    />
  )
}

/** How it stands or ended, what came of it, and the rows to be mended. */
export function ImportResult({ run }: { run: Run }) {
  const { t, i18n } = useTranslation()
  const said = (['created', 'updated', 'unchanged', 'refused'] as const)
    .filter((word) => run[word] > 0)
    .map((word) => t(`orderWork.imports.count.${word}`, { n: sayCount(run[word], languageOf(i18n)) }))
  return (
    <span className={styles.result}>
      <span className={run.state === 'failed' ? 'bad' : undefined}>{t(`orderWork.imports.state.${run.state}`)}</span>
      {said.length > 0 && ` · ${said.join('，')}`}
      {run.cause && <small>{run.cause}</small>}
      {run.refusedRows > 0 && (
        <a href={`/api/order-imports/${run.orderImportId}/refused.csv`} download>
          {t('orderWork.imports.readRefused', { n: run.refusedRows })}
        </a>
      )}
    </span>
  )
}
