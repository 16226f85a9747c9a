import { useTranslation } from 'react-i18next'
import { TEMPLATES, type Template } from './rule.ts'
import styles from './segments.module.css'

/** Where to begin: the cases the field asks for; `inside`: also from a segment there is. */
export function Templates({ inside = false, onPick }: { inside?: boolean; onPick: (template: Template) => void }) {
  const { t } = useTranslation()
  const templates = (Object.keys(TEMPLATES) as Template[]).filter((template) => inside || template !== 'inside')
  return (
    <section className={styles.templates} aria-label={t('segments.beginWith')}>
      <h3>{t('segments.beginWith')}</h3>
      <ul>
        {templates.map((template) => (
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
