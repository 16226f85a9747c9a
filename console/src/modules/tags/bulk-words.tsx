import { useTranslation } from 'react-i18next'
import { sayCount } from '../../ui/number-words.ts'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { type BulkRun, isOpen } from './use-bulk-runs.ts'

const REASONS = ['rejected', 'unchanged', 'not_followed', 'not_found', 'touched', 'gated'] as const

/** A task in one line: 打上「常客」，去掉「新客」. */
export function useSayBulk(): (run: BulkRun) => string {
  const { t } = useTranslation()
  const names = (tags: BulkRun['add']) => tags.map(({ name }) => `「${name}」`).join('')
  return (run) => {
    if (run.kind === 'import') return t('bulk.what.import', { file: run.fileName ?? '' })
    if (run.workCard !== null) {
      const what = t('bulk.what.task', { title: run.workCard })
      return run.kind === 'task_undo' ? t('bulk.what.undo', { what }) : what
    }
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

export function BulkBar({ run: { done, total, state } }: { run: BulkRun }) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  return (
    <ProgressBar
      label={t('bulk.column.progress')}
      done={done}
      total={total}
      said={t('bulk.progress', { done: count(done), total: count(total) })}
      failed={state === 'failed'}
    />
  )
}
