import { useTranslation } from 'react-i18next'
import { TEMPLATES, type Template } from './rule.ts'
import styles from './segments.module.css'

/** Where to begin: the cases the field asks for. */
export function Templates({ onPick }: { onPick: (template: Template) => void }) {
  const { t } = useTranslation()
  return (
    <section className={styles.templates} aria-label={t('segments.beginWith')}>
      <h3>{t('segments.beginWith')}</h3>
      <ul>
        {(Object.keys(TEMPLATES) as Template[]).map((template) => (
          <li key={template}>
            <button type="button" onClick={() => onPick(template)}>
              <b>{t(`segments.template.${template}.name`)}</b>
              <small>{t(`segments.template.${template}.why`)}</small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
