import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sayCount, sayYuan } from '../../../ui/number-words.ts'
import { Panel } from '../../../ui/panel.tsx'
import { languageOf } from '../../../ui/time-words.ts'
import styles from './rfm.module.css'
import type { Model, Rfm } from './rfm-page.tsx'
import { BANDS, sayNumber, sayRecency } from './say-bands.ts'
import { useHeat } from './use-heat.ts'

/** Buyers by recency, the latest on top, and number of orders: the more, the deeper. */
export function GridPanel({ grid, model }: { grid: Rfm['grid']; model: Pick<Model, 'cuts'> }) {
  const { t, i18n } = useTranslation()
  const [by, setBy] = useState<'people' | 'totalFen'>('people')
  const heat = useHeat(Math.max(0, ...grid.map((one) => one[by])))
  const found = new Map(grid.map((one) => [`${one.r} ${one.f}`, one]))
  const words = (value: number) => (by === 'people' ? sayCount(value, languageOf(i18n)) : sayYuan(value))
  return (
    <Panel
      title={t('insight.rfm.grid')}
      sub={t('insight.rfm.gridSub')}
      extra={
        <Segmented
          size="small"
          aria-label={t('insight.rfm.by')}
          value={by}
          onChange={setBy}
          options={[
            { value: 'people', label: t('insight.rfm.byPeople') },
            { value: 'totalFen', label: t('insight.rfm.byMoney') },
          ]}
        />
      }
    >
      <div className={styles.scroll}>
        <table className={styles.heat} aria-label={t('insight.rfm.grid')}>
          <thead>
            <tr>
              <th scope="col">{t('insight.rfm.recency')}</th>
              {BANDS.map((f) => (
                <th key={f} scope="col">
                  {sayNumber([f, f], model.cuts, t)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {BANDS.toReversed().map((r) => (
              <tr key={r}>
                <th scope="row">{sayRecency([r, r], model.cuts, t)}</th>
                {BANDS.map((f) => {
                  const { people, totalFen } = found.get(`${r} ${f}`) ?? { people: 0, totalFen: 0 }
                  const value = by === 'people' ? people : totalFen
                  return (
                    <td
                      key={f}
                      {...heat(value)}
                      title={t('insight.rfm.gridCell', {
                        r: sayRecency([r, r], model.cuts, t),
                        f: sayNumber([f, f], model.cuts, t),
                        people,
                        money: sayYuan(totalFen),
                      })}
                    >
                      {value === 0 ? '·' : words(value)}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
