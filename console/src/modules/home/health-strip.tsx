import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { HealthMark } from '../../ui/health-mark.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useHealth } from '../health/use-health.ts'
import { useCan } from '../staff/session.ts'
import styles from './home.module.css'

/** All lanes in one line: grey while they work; the one that does not says so and leads to its mending. */
export function HealthStrip() {
  const { t } = useTranslation()
  const allowed = useCan('health.read')
  const { data } = useHealth(allowed)
  if (!allowed || !data) return null
  const used = data.lanes.filter(({ state }) => state !== 'idle')
  const worst = used.find(({ state }) => state === 'broken') ?? used.find(({ state }) => state === 'slow')
  return (
    <section className={`${styles.strip} ${worst ? styles.ill : ''}`} aria-label={t('home.healthTitle')}>
      <b>{t('home.healthTitle')}</b>
      <span className={styles.lanes}>
        {used.map(({ lane, state }) => (
          <HealthMark key={lane} state={state}>
            {t(`health.lane.${lane}`)}
          </HealthMark>
        ))}
      </span>
      <span className={styles.trouble}>
        {worst ? (
          <>
            <span>
              <b className={worst.state === 'broken' ? 'bad' : 'warn'} style={{ fontSize: 12 }}>
                {worst.state === 'broken'
                  ? t('home.laneBroken', { lane: t(`health.lane.${worst.lane}`) })
                  : t('home.laneSlow', { lane: t(`health.lane.${worst.lane}`) })}
              </b>
              {worst.waiting > 0 && <span className="soft">，{t('home.waiting', { n: worst.waiting })}</span>}
            </span>
            <Link to={`/settings/health?lane=${worst.lane}`} className={styles.fix}>
              {t('home.goFix')}
              <Icon name="right" size={12} />
            </Link>
          </>
        ) : (
          <span className="quiet">{t('home.allGood')}</span>
        )}
      </span>
    </section>
  )
}
