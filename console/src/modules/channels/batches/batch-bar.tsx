import { useTranslation } from 'react-i18next'
import { sayCount } from '../../../ui/number-words.ts'
import { languageOf } from '../../../ui/time-words.ts'
import bulk from '../../tags/bulk.module.css'
import type { BatchRow } from './use-batches.ts'

/** How many codes of a batch are made. */
export function BatchBar({ batch }: { batch: BatchRow }) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const done = batch.total - batch.creating
  return (
    <span className={bulk.progress}>
      <span
        className={bulk.track}
        role="progressbar"
        aria-valuemin={0}
        aria-valuemax={batch.total}
        aria-valuenow={done}
        aria-label={t('bulk.column.progress')}
      >
        <span
          className={batch.failed > 0 ? bulk.failed : undefined}
          style={{ width: `${(done / Math.max(1, batch.total)) * 100}%` }}
        />
      </span>
      <span className={bulk.count}>{t('bulk.progress', { done: count(done), total: count(batch.total) })}</span>
    </span>
  )
}

/** What came of it, in words: only what there is. */
export function useSayBatch(): (batch: BatchRow) => string {
  const { t } = useTranslation()
  return (batch) =>
    (['ready', 'creating', 'failed', 'cancelled', 'removed', 'skipped'] as const)
      .filter((word) => batch[word] > 0)
      .map((word) => t(`channels.batch.count.${word}`, { n: batch[word] }))
      .join(t('channels.batch.comma'))
}
