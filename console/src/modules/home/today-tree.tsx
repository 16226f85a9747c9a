import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Delta } from '../../ui/delta.tsx'
import { Icon } from '../../ui/icon.tsx'
import { sayCount, sayRate } from '../../ui/number-words.ts'
import { Sparkline } from '../../ui/sparkline.tsx'
import { languageOf, saySpan, shanghaiDay } from '../../ui/time-words.ts'
import styles from './home.module.css'
import type { Home } from './home-page.tsx'

/** Today in one sum: net = added − lost; each with its comparison, its reason and its people. */
export function TodayTree({ home }: { home: Home }) {
  const { t, i18n } = useTranslation()
  const language = languageOf(i18n)
  const today = shanghaiDay(new Date(home.at))
  const net = home.added.value - home.lost.value
  const netBefore = home.added.before - home.lost.before
  return (
    <section className={styles.tree}>
      <div className={styles.root}>
        <span className={styles.label}>{t('home.netTitle')}</span>
        <span className={styles.figure}>
          {net > 0 ? '+' : net < 0 ? '−' : ''}
          {sayCount(Math.abs(net), language)}
        </span>
        <span className="small soft">
          {t('home.vsYesterday', {
            n: `${netBefore > 0 ? '+' : netBefore < 0 ? '−' : ''}${sayCount(Math.abs(netBefore), language)}`,
          })}
        </span>
        <span className={styles.chart}>
          <Sparkline
            values={home.days.map(({ added, lost }) => added - lost)}
            width={154}
            height={56}
            label={t('home.days')}
          />
        </span>
        <Link to="/contacts" className={styles.foot}>
          <span>
            {t('home.contacts')} {sayCount(home.contacts, language)} {t('home.contactsUnit')}
          </span>
          <Icon name="right" size={12} />
        </Link>
        <span className={styles.equals} aria-hidden>
          =
        </span>
      </div>
      <svg className={styles.wires} viewBox="0 0 40 100" preserveAspectRatio="none" aria-hidden>
        <path vectorEffect="non-scaling-stroke" d="M11 50C26 50 20 15 40 15M11 50H40" />
      </svg>
      <div className={styles.rows}>
        <Row
          name={t('home.addedTitle')}
          what={t('home.addedWhat')}
          value={sayCount(home.added.value, language)}
          change={<Delta now={home.added.value} before={home.added.before} />}
          chart={<Sparkline values={home.days.map(({ added }) => added)} label={t('home.addedTitle')} />}
          why={<WhyAdded home={home} />}
          to={`/contacts?from=${today}&to=${today}&state=all`}
          people={t('home.seeAdded')}
        />
        <Row
          sign="−"
          name={t('home.lostTitle')}
          what={t('home.lostWhat')}
          value={sayCount(home.lost.value, language)}
          change={<Delta now={home.lost.value} before={home.lost.before} good="down" />}
          chart={<Sparkline values={home.days.map(({ lost }) => lost)} label={t('home.lostTitle')} />}
          why={
            home.lost.value === 0
              ? t('home.lostNone')
              : home.added.value > 0
                ? t('home.lostRateWhy', { rate: sayRate(home.lost.value, home.added.value) })
                : ''
          }
          to={`/losses?from=${today}&to=${today}`}
          people={t('home.seeLost')}
        />
        <Row
          name={t('home.welcomeTitle')}
          what={t('home.welcomeWhat')}
          value={sayCount(home.welcomes.sent, language)}
          change={
            home.welcomes.missed > 0 ? (
              <span className="small warn">{t('home.welcomeMissed', { count: home.welcomes.missed })}</span>
            ) : home.welcomes.sent > 0 ? (
              <span className="small quiet">{t('home.noneMissed')}</span>
            ) : undefined
          }
          why={
            home.welcomes.medianMs === null
              ? t('home.welcomeNone')
              : t('home.welcomeMedian', { span: saySpan(home.welcomes.medianMs, language) })
          }
          to="/channels/welcome"
          people={t('home.welcomeSee')}
        />
      </div>
    </section>
  )
}

/** Where today's friends came from; failing that, when. */
function WhyAdded({ home }: { home: Home }) {
  const { t } = useTranslation()
  const code = home.codes[0]
  const busiest = home.hours.reduce((best, hour) => (hour.today > best.today ? hour : best))
  if (code)
    return (
      <>
        {t('home.addedTopCode')} <Link to={`/channels/${code.channelCodeId}`}>{code.name}</Link>
      </>
    )
  if (busiest.today > 0) return t('home.addedBestHour', { hour: busiest.hour, n: busiest.today })
  return t('home.addedNone')
}

interface RowProps {
  name: string
  what: string
  value: string
  change?: ReactNode
  chart?: ReactNode
  why: ReactNode
  to: string
  people: string
  sign?: string
}

function Row({ name, what, value, change, chart, why, to, people, sign }: RowProps) {
  return (
    <div className={styles.row}>
      {sign && (
        <span className={styles.sign} aria-hidden>
          {sign}
        </span>
      )}
      <div className={styles.name}>
        <b>{name}</b>
        <small>{what}</small>
      </div>
      <div>
        <div className={styles.value}>{value}</div>
        {change}
      </div>
      <div>{chart}</div>
      <div className={styles.why}>{why}</div>
      <Link to={to} className={styles.people}>
        {people}
        <Icon name="right" size={12} />
      </Link>
    </div>
  )
}
