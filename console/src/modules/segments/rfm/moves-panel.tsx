import { keepPreviousData } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client.ts'
import type { Answer } from '../../../api/types.ts'
import { useNow } from '../../../ui/clock.ts'
import { Loaded } from '../../../ui/loaded.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, SkeletonBlock } from '../../../ui/states.tsx'
import { languageOf, sayDay, shanghaiDay } from '../../../ui/time-words.ts'
import styles from './rfm.module.css'
import type { Cell } from './rfm-page.tsx'
import { useHeat } from './use-heat.ts'

type Moves = Answer<'/api/rfm/moves'>
const BACK_DAYS = 30
const DAY_MS = 86_400_000
const NOT_YET = ''

/** Who went from which cell to which between two days. */
export function MovesPanel({ cells }: { cells: Cell[] }) {
  const { t } = useTranslation()
  const now = useNow()
  const today = shanghaiDay(now)
  const [days, setDays] = useState({ from: shanghaiDay(new Date(now.getTime() - BACK_DAYS * DAY_MS)), to: today })
  const moves = api.useQuery(
    'get',
    '/api/rfm/moves',
    { params: { query: days } },
    { placeholderData: keepPreviousData },
  )
  const set = (change: Partial<typeof days>) => {
    const next = { ...days, ...change }
    if (next.from && next.to && next.from <= next.to) setDays(next)
  }
  return (
    <Panel
      title={t('insight.rfm.moves')}
      sub={t('insight.rfm.movesSub')}
      extra={
        <span className={styles.days}>
          {(['from', 'to'] as const).map((end) => (
            <label key={end}>
              {t(end === 'from' ? 'insight.rfm.movesFrom' : 'insight.rfm.movesTo')}
              <input
                type="date"
                max={end === 'from' ? days.to : today}
                min={end === 'to' ? days.from : undefined}
                defaultValue={days[end]}
                onChange={(event) => set({ [end]: event.target.value })}
              />
            </label>
          ))}
        </span>
      }
    >
      <Loaded query={moves} what={t('insight.rfm.moves')} skeleton={<SkeletonBlock height={280} />}>
        {(data) => <Matrix data={data} cells={cells} />}
      </Loaded>
    </Panel>
  )
}

function Matrix({ data, cells }: { data: Moves; cells: Cell[] }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const moved = data.flows.filter(({ from, to }) => from !== to)
  const heat = useHeat(Math.max(0, ...moved.map(({ people }) => people)))
  if (data.flows.length === 0) return <EmptyState small icon="swap" title={t('insight.rfm.movesNone')} />
  const flows = new Map(data.flows.map(({ from, to, people }) => [`${from ?? NOT_YET} ${to ?? NOT_YET}`, people]))
  const ends = [
    ...cells.map(({ cellId, name }) => ({ id: cellId, name })),
    { id: NOT_YET, name: t('insight.rfm.notYet') },
  ]
  const total = data.flows.reduce((sum, { people }) => sum + people, 0)
  const stayed = data.flows.filter(({ from, to }) => from === to).reduce((sum, { people }) => sum + people, 0)
  const isKept = data.from.how === 'kept' && data.to.how === 'kept'
  return (
    <>
      <p className={styles.said}>
        {t('insight.rfm.stayed', { n: stayed, moved: total - stayed })}
        <span className="quiet">
          {isKept || data.keptSince === null
            ? t('insight.rfm.movesKept')
            : t('insight.rfm.movesHow', { day: sayDay(new Date(data.keptSince), now, languageOf(i18n)) })}
        </span>
      </p>
      <div className={styles.scroll}>
        <table className={`${styles.heat} ${styles.moves}`} aria-label={t('insight.rfm.moves')}>
          <thead>
            <tr>
              <th scope="col">
                {t('insight.rfm.movesFrom')} ↓ {t('insight.rfm.movesTo')} →
              </th>
              {ends.map(({ id, name }) => (
                <th key={id} scope="col" title={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ends.map((from) => (
              <tr key={from.id}>
                <th scope="row" title={from.name}>
                  {from.name}
                </th>
                {ends.map((to) => {
                  const people = flows.get(`${from.id} ${to.id}`) ?? 0
                  const isSame = from.id === to.id
                  return (
                    <td
                      key={to.id}
                      data-same={isSame || undefined}
                      {...heat(isSame ? 0 : people)}
                      title={t('insight.rfm.movesCell', { from: from.name, to: to.name, n: people })}
                    >
                      {people === 0 ? '' : people}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
