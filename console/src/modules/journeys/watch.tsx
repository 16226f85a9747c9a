import { Button } from 'antd'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsPhone } from '../../ui/use-media.ts'
import type { Stats } from './contract.ts'
import { useAs } from './editor.tsx'
import styles from './journeys.module.css'
import { Picture } from './picture.tsx'
import { Side } from './side.tsx'
import { StatsOverview, StepStatsView } from './stats-side.tsx'
import { type Draft, START } from './steps.ts'
import { useSaid } from './use-said.ts'

/** A version as it runs: who stands where, who went which way, and at each step what became of them. */
export function Watch({ version, stats }: { version: Draft; stats: Stats }) {
  const { t } = useTranslation()
  const [as] = useAs()
  const [at, setAt] = useState<string | null>(null)
  /** A step, the sums on a phone, where they have no place of their own, or nothing. */
  const [open, setOpen] = useState<string | null>(null)
  const phone = useIsPhone()
  const byKey = useMemo(() => new Map(stats.steps.map((one) => [one.key, one])), [stats])
  const { waysOf, faceOf, wordOf } = useSaid(version)
  const tallyOf = useCallback(
    (key: string) =>
      byKey.get(key) ?? { here: 0, came: key === START ? stats.entered : 0, done: 0, late: 0, skipped: 0 },
    [byKey, stats.entered],
  )
  const wentBy = useCallback(
    (key: string, port: string) =>
      key === START ? stats.entered : (byKey.get(key)?.ways.find((way) => way.port === port)?.people ?? 0),
    [byKey, stats.entered],
  )
  const shown = open === null ? undefined : byKey.get(open)
  return (
    <div className={styles.editor}>
      <Picture
        as={as}
        start={START}
        waysOf={waysOf}
        faceOf={faceOf}
        wordOf={wordOf}
        at={at}
        onAt={setAt}
        onOpen={setOpen}
        onInsert={undefined}
        onRemove={undefined}
        tallyOf={tallyOf}
        wentBy={wentBy}
      />
      <Side
        title={shown ? faceOf(shown.key).title : t('journeys.show.stats')}
        open={open !== null}
        onClose={open === null ? undefined : () => setOpen(null)}
      >
        {shown ? <StepStatsView step={shown} /> : <StatsOverview stats={stats} />}
      </Side>
      {phone && open === null && (
        <Button className={styles.phoneSettings ?? ''} onClick={() => setOpen('all')}>
          {t('journeys.stats.all')}
        </Button>
      )}
    </div>
  )
}
