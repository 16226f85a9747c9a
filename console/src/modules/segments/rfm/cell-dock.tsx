import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api } from '../../../api/client.ts'
import { useNow } from '../../../ui/clock.ts'
import { Dock } from '../../../ui/dock.tsx'
import { sayCount, sayYuan } from '../../../ui/number-words.ts'
import { useProblemToast } from '../../../ui/problem-toast.ts'
import { languageOf, sayDay } from '../../../ui/time-words.ts'
import { useCan } from '../../staff/session.ts'
import { refreshSegments } from '../segments-page.tsx'
import styles from './rfm.module.css'
import type { Cell, Model } from './rfm-page.tsx'
import { sayMoney, sayNumber, sayRecency } from './say-bands.ts'

/** One cell: who counts, what to do, and the ways on from it. */
export function CellDock({ cell, model, onClose }: { cell: Cell; model: Model; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const mayWrite = useCan('segments.write')
  const { box } = cell
  return (
    <Dock label={cell.name} onClose={onClose}>
      <div className={styles.dock}>
        <h2>{cell.name}</h2>
        <p className="quiet">
          {t('insight.rfm.people', { n: sayCount(cell.people, languageOf(i18n)) })} · {sayYuan(cell.totalFen)}
        </p>
        <section className={styles.play}>
          <h3>{t('insight.rfm.play')}</h3>
          <p>{cell.play || t('insight.rfm.noPlay')}</p>
        </section>
        <dl className={styles.box}>
          <dt>{t('insight.rfm.recency')}</dt>
          <dd>{sayRecency(box.r, model.cuts, t)}</dd>
          <dt>{t('insight.rfm.number')}</dt>
          <dd>{sayNumber(box.f, model.cuts, t)}</dd>
          <dt>{t('insight.rfm.model.moneyIs')}</dt>
          <dd>
            {t(`insight.rfm.model.${model.money}`)} {sayMoney(box.m, model.cuts, t)}
          </dd>
        </dl>
        <div className={styles.ways}>
          <Link to={`/contacts?segment=${cell.segmentId}&state=all`}>
            <Button type="primary">{t('insight.rfm.see')}</Button>
          </Link>
          {mayWrite && <ToSegment cell={cell} />}
          <Link to={`/segments/${cell.segmentId}`}>{t('insight.rfm.openRule')}</Link>
        </div>
      </div>
    </Dock>
  )
}

/** A segment of one's own with the cell's rule as it stands today; the model may change without it. */
function ToSegment({ cell }: { cell: Cell }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const segment = api.useQuery('get', '/api/segments/{segmentId}', {
    params: { path: { segmentId: cell.segmentId } },
  })
  const name = t('insight.rfm.toSegmentName', { name: cell.name, day: sayDay(now, now, languageOf(i18n)) })
  const create = api.useMutation('post', '/api/segments', {
    onError,
    onSuccess: ({ segmentId }) => {
      void refreshSegments()
      void message.success(t('insight.rfm.toSegmentDone', { name }))
      void navigate(`/segments/${segmentId}`)
    },
  })
  return (
    <Button
      disabled={!segment.data}
      loading={create.isPending}
      onClick={() => segment.data && create.mutate({ body: { name, note: cell.play, rule: segment.data.rule } })}
    >
      {t('insight.rfm.toSegment')}
    </Button>
  )
}
