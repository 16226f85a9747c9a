import { useTranslation } from 'react-i18next'
import { sayCount } from '../../ui/number-words.ts'
import { languageOf } from '../../ui/time-words.ts'
import styles from './bulk.module.css'
import { type BulkRun, isOpen } from './use-bulk-runs.ts'

const REASONS = ['rejected', 'unchanged', 'not_followed', 'not_found', 'touched', 'gated'] as const

/** A task in one line: 打上「常客」，去掉「新客」. */
export function useSayBulk(): (run: BulkRun) => string {
  const { t } = useTranslation()
  const names = (tags: BulkRun['add']) => tags.map(({ name }) => `「${name}」`).join('')
  return (run) => {
    if (run.kind === 'import') return t('bulk.what.import', { file: run.fileName ?? '' })
    if (run.stage !== null) {
      const what = t('bulk.what.stage', { stage: run.stage })
      return run.kind === 'stage_undo' ? t('bulk.what.undo', { what }) : what
    }
    // An undo stands here with what it does; said is what it takes back.
    const [add, remove] = run.kind === 'undo' ? [run.remove, run.add] : [run.add, run.remove]
    const parts = [
      add.length > 0 && t('bulk.what.add', { tags: names(add) }),
      remove.length > 0 && t('bulk.what.remove', { tags: names(remove) }),
    ].filter((part) => part !== false)
    const what = parts.join(t('bulk.what.join')) || t('bulk.what.gone')
    return run.kind === 'undo' ? t('bulk.what.undo', { what }) : what
  }
}

/** What came of it: how many changed, and why the others did not. */
export function useSayResult(): (run: BulkRun) => { changed: string; skipped: string[] } {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  return (run) => ({
    changed: run.changed > 0 || isOpen(run) ? t('bulk.changed', { n: count(run.changed) }) : t('bulk.unchangedAll'),
    skipped: REASONS.flatMap((reason) => {
      const n = run.skipped[reason]
      return n ? [t(`bulk.skipped.${reason}`, { n: count(n) })] : []
    }),
  })
}

export function BulkBar({ run }: { run: BulkRun }) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const share = run.total > 0 ? Math.min(100, (run.done / run.total) * 100) : 100
  return (
    <span className={styles.progress}>
      <span
        className={styles.track}
        role="progressbar"
        aria-valuemin={0}
        aria-valuemax={run.total}
        aria-valuenow={run.done}
        aria-label={t('bulk.column.progress')}
      >
        <span className={run.state === 'failed' ? styles.failed : undefined} style={{ width: `${share}%` }} />
      </span>
      <span className={styles.count}>{t('bulk.progress', { done: count(run.done), total: count(run.total) })}</span>
    </span>
  )
}
