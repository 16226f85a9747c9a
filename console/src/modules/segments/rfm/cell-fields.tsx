import { Button, Checkbox, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../../ui/icon.tsx'
import { sayCount, sayYuan } from '../../../ui/number-words.ts'
import { languageOf } from '../../../ui/time-words.ts'
import styles from './rfm.module.css'
import { BANDS, type Cuts, type Draft, sayMoney, sayNumber, sayRecency } from './say-bands.ts'

type Cell = Draft['cells'][number]
interface Props {
  cell: Cell
  cuts: Cuts
  /** What it would hold; unknown until it is counted. */
  holds: { people: number; totalFen: number } | undefined
  onChange: (cell: Cell) => void
  onRemove: () => void
}

const SAY = { r: sayRecency, f: sayNumber, m: sayMoney }

/** One cell of the model: its name, its box, what to do. */
export function CellFields({ cell, cuts, holds, onChange, onRemove }: Props) {
  const { t, i18n } = useTranslation()
  return (
    <fieldset className={styles.cell} aria-label={cell.name}>
      <div className={styles.line}>
        <Input
          aria-label={t('insight.rfm.model.name')}
          style={{ width: 150 }}
          maxLength={12}
          status={cell.name.trim() ? '' : 'warning'}
          value={cell.name}
          onChange={(event) => onChange({ ...cell, name: event.target.value })}
        />
        <Checkbox checked={cell.atRisk} onChange={({ target }) => onChange({ ...cell, atRisk: target.checked })}>
          {t('insight.rfm.model.risk')}
        </Checkbox>
        <span className={styles.will}>
          {holds &&
            t('insight.rfm.model.will', {
              people: sayCount(holds.people, languageOf(i18n)),
              money: sayYuan(holds.totalFen),
            })}
        </span>
        <Button
          type="text"
          size="small"
          aria-label={t('insight.rfm.model.remove', { name: cell.name })}
          icon={<Icon name="trash" size={14} />}
          onClick={onRemove}
        />
      </div>
      <div className={styles.bands}>
        {(['r', 'f', 'm'] as const).map((what) => (
          <span key={what} className={styles.band}>
            <span>{t(`insight.rfm.model.${what}`)}</span>
            {([0, 1] as const).map((end) => (
              <Select
                key={end}
                size="small"
                style={{ width: 62 }}
                aria-label={t(end === 0 ? 'insight.rfm.model.from' : 'insight.rfm.model.to', {
                  what: t(`insight.rfm.model.${what}`),
                })}
                value={cell.box[what][end]}
                options={BANDS.map((band) => ({
                  value: band,
                  label: `${what.toUpperCase()}${band}`,
                  title: SAY[what]([band, band], cuts, t),
                  disabled: end === 0 ? band > cell.box[what][1] : band < cell.box[what][0],
                }))}
                onChange={(band) =>
                  onChange({
                    ...cell,
                    box: { ...cell.box, [what]: end === 0 ? [band, cell.box[what][1]] : [cell.box[what][0], band] },
                  })
                }
              />
            ))}
            <small className="quiet">{SAY[what](cell.box[what], cuts, t)}</small>
          </span>
        ))}
      </div>
      <Input.TextArea
        aria-label={t('insight.rfm.model.play')}
        placeholder={t('insight.rfm.model.play')}
        maxLength={200}
        autoSize={{ minRows: 1, maxRows: 4 }}
        value={cell.play}
        onChange={(event) => onChange({ ...cell, play: event.target.value })}
      />
    </fieldset>
  )
}
