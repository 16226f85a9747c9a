import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../../ui/icon.tsx'
import type { Template } from './contract.ts'
import styles from './journeys.module.css'

const ICONS: Record<string, IconName> = {
  new_friend: 'personAdd',
  stage_follow_up: 'bars',
  birthday: 'sun',
  silence: 'moon',
  repurchase: 'refresh',
  festival: 'lamp',
  group_calendar: 'message',
}

interface Props {
  templates: readonly Template[]
  isBusy: boolean
  /** Undefined: an empty one. */
  onPick: (template: string | undefined) => void
}

/** Where operators begin: a journey that is whole but for the words, or an empty one. */
export function Templates({ templates, isBusy, onPick }: Props) {
  const { t } = useTranslation()
  return (
    <ul className={styles.templates}>
      {templates.map(({ template, name, why, steps }) => (
        <li key={template}>
          <button type="button" disabled={isBusy} onClick={() => onPick(template)}>
            <i className={styles.glyph} aria-hidden>
              <Icon name={ICONS[template] ?? 'route'} size={18} />
            </i>
            <b>{name}</b>
            <span className="soft small">{why}</span>
            <small className="quiet">{t('journeys.stepsOf', { count: steps })}</small>
          </button>
        </li>
      ))}
      <li>
        <button type="button" data-blank disabled={isBusy} onClick={() => onPick(undefined)}>
          <i className={styles.glyph} aria-hidden>
            <Icon name="plus" size={18} />
          </i>
          <b>{t('journeys.blank')}</b>
          <span className="soft small">{t('journeys.blankWhy')}</span>
        </button>
      </li>
    </ul>
  )
}

/** Before the first: what a journey is good for, and one to begin with. */
export function FirstJourney(props: Props) {
  const { t } = useTranslation()
  return (
    <div className={styles.first}>
      <h2>{t('journeys.none')}</h2>
      <p className="soft">{t('journeys.noneWhy')}</p>
      <Templates {...props} />
    </div>
  )
}
