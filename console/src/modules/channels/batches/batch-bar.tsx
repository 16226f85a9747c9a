import { useTranslation } from 'react-i18next'
import { sayCount } from '../../../ui/number-words.ts'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { languageOf } from '../../../ui/time-words.ts'
import type { BatchRow } from './use-batches.ts'

/** How many codes of a batch are made. */
export function BatchBar({ batch }: { batch: BatchRow }) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const done = batch.total - batch.creating
  return (
    <ProgressBar
      label={t('bulk.column.progress')}
      done={done}
      total={batch.total}
      said={t('bulk.progress', { done: count(done), total: count(batch.total) })}
      failed={batch.failed > 0}
    />
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
