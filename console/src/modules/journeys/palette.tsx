import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import styles from './journeys.module.css'
import { KINDS, type StepKind } from './steps.ts'

const GROUPS = ['reach', 'wait', 'fork', 'change', 'end'] as const

/** What can be put in, by what it does to the customer. */
export function Palette({ follows, onPick }: { follows: boolean; onPick: (kind: StepKind) => void }) {
  const { t } = useTranslation()
  return (
    <div className={styles.palette}>
      {GROUPS.map((family) => (
        <section key={family} aria-label={t(`journeys.family.${family}`)}>
          <h3>{t(`journeys.family.${family}`)}</h3>
          <ul>
            {KINDS.filter((one) => one.family === family).map(({ kind, icon }) => (
              <li key={kind}>
                <button type="button" disabled={kind === 'exit' && follows} onClick={() => onPick(kind)}>
                  <i className={styles.glyph} data-family={family} aria-hidden>
                    <Icon name={icon} size={16} />
                  </i>
                  <span>
                    <b>{t(`journeys.step.${kind}.title`)}</b>
                    <small className={`quiet small ${styles.block}`}>
                      {kind === 'exit' && follows ? t('journeys.exitCuts') : t(`journeys.step.${kind}.why`)}
                    </small>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
