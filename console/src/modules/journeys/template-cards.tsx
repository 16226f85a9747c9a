import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import styles from './journeys.module.css'
import { TEMPLATES, type TemplateName } from './templates.ts'

interface Props {
  isBusy: boolean
  /** Undefined: an empty one. */
  onPick: (template: TemplateName | undefined) => void
}

/** Where operators begin: a journey that is whole but for the corp's own names, or an empty one. */
export function TemplateCards({ isBusy, onPick }: Props) {
  const { t } = useTranslation()
  return (
    <ul className={styles.templates} aria-label={t('journeys.templates')}>
      {TEMPLATES.map(({ name, icon }) => (
        <li key={name}>
          <button type="button" disabled={isBusy} onClick={() => onPick(name)}>
            <i className={styles.glyph} aria-hidden>
              <Icon name={icon} size={18} />
            </i>
            <b>{t(`journeys.template.${name}.name`)}</b>
            <span className="soft small">{t(`journeys.template.${name}.why`)}</span>
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
      <TemplateCards {...props} />
    </div>
  )
}
