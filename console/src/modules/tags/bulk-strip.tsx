import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Icon } from '../../ui/icon.tsx'
import styles from './bulk.module.css'
import { BulkBar, useSayBulk, useSayResult } from './bulk-words.tsx'
import { type BulkRun, isOpen, refreshTagged, useBulkActions, useBulkRuns } from './use-bulk-runs.ts'

/** One's own task under way, or what came of the one that ended while the page was open. */
export function BulkStrip() {
  const runs = useBulkRuns()
  const [watched, setWatched] = useState<string>()
  const mine = runs.data?.filter((run) => run.mine) ?? []
  const open = mine.find(isOpen)
  const shown = open ?? mine.find((run) => run.bulkRunId === watched)
  const openId = open?.bulkRunId
  useEffect(() => {
    if (openId === undefined) return
    setWatched(openId)
    return refreshTagged // it ended, or another took its place
  }, [openId])
  if (!shown) return null
  return <Strip key={shown.bulkRunId} run={shown} onClose={() => setWatched(undefined)} />
}

function Strip({ run, onClose }: { run: BulkRun; onClose: () => void }) {
  const { t } = useTranslation()
  const say = useSayBulk()
  const result = useSayResult()(run)
  const { cancel, undo } = useBulkActions()
  const params = { params: { path: { bulkRunId: run.bulkRunId } } }
  const open = isOpen(run)
  const why = open ? t('bulk.leave') : [result.changed, ...result.skipped].join('；')
  return (
    <div className={styles.strip} role="status">
      <b title={say(run)}>{say(run)}</b>
      {open ? (
        <span className={styles.bar}>
          <BulkBar run={run} />
        </span>
      ) : (
        <span>{t(`bulk.state.${run.state}`)}</span>
      )}
      <span className={styles.why} title={why}>
        {why}
      </span>
      <span className={styles.rule} />
      {open && (
        <button type="button" className={styles.act} disabled={cancel.isPending} onClick={() => cancel.mutate(params)}>
          {t('bulk.cancel')}
        </button>
      )}
      {run.undoUntil && (
        <button type="button" className={styles.act} disabled={undo.isPending} onClick={() => undo.mutate(params)}>
          {t('bulk.undo')}
        </button>
      )}
      <Link to="/bulk-runs" className={styles.act}>
        {t('bulk.all')}
      </Link>
      {!open && (
        <button type="button" className={styles.act} onClick={onClose} aria-label={t('actions.close')}>
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  )
}
