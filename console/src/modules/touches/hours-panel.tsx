import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Panel } from '../../ui/panel.tsx'
import styles from './touches.module.css'
import type { Policy } from './use-touches.ts'

const USUAL = { from: '09:00', to: '21:00' }

/** When customers may be written to, on days the corp works and on others. */
export function HoursPanel({
  policy: { hours },
  mayWrite,
  onChange,
}: {
  policy: Policy
  mayWrite: boolean
  onChange: (to: Partial<Policy>) => void
}) {
  const { t } = useTranslation()
  return (
    <Panel title={t('touches.hours')} sub={t('touches.hoursWhy')}>
      <div className={styles.hours}>
        {(['workday', 'restday'] as const).map((kind) => {
          const other = kind === 'workday' ? hours.restday : hours.workday
          const held = hours[kind]
          return (
            <div key={kind} className={styles.hoursRow}>
              <Checkbox
                checked={held !== null}
                // One kind of day has to be left, or nobody could be reached at all.
                disabled={!mayWrite || (held !== null && other === null)}
                onChange={({ target }) => onChange({ hours: { ...hours, [kind]: target.checked ? USUAL : null } })}
              >
                {t(`touches.${kind}`)}
              </Checkbox>
              {held ? (
                (['from', 'to'] as const).map((edge) => (
                  <input
                    key={edge}
                    type="time"
                    required
                    aria-label={`${t(`touches.${kind}`)} ${t(`touches.edge.${edge}`)}`}
                    disabled={!mayWrite}
                    value={held[edge]}
                    onChange={(event) =>
                      onChange({ hours: { ...hours, [kind]: { ...held, [edge]: event.target.value } } })
                    }
                  />
                ))
              ) : (
                <span className="quiet">{t('touches.notAtAll')}</span>
              )}
            </div>
          )
        })}
        <small className="quiet">
          {t('touches.holidays')}{' '}
          <Link to="/settings/stages" className="underlined">
            {t('touches.toCalendar')}
          </Link>
        </small>
      </div>
    </Panel>
  )
}
