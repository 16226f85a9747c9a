import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sayCount } from '../../ui/number-words.ts'
import { languageOf } from '../../ui/time-words.ts'
import { useVocabulary } from '../segments/use-names.ts'
import type { Changes, OfPeople } from './contract.ts'
import styles from './journeys.module.css'
import { sayStep } from './say-step.ts'
import type { Draft } from './steps.ts'

const CHOICES: readonly OfPeople[] = ['stay', 'move', 'drain']

interface Props {
  name: string
  /** Null: it never ran, so there is nothing to compare with and nobody under way. */
  changes: Changes | null
  draft: Draft
  isBusy: boolean
  onPublish: (people: OfPeople) => void
  onClose: () => void
}

/** What will run from now on, what that changes, and what becomes of those under way. */
export function PublishDialog({ name, changes, draft, isBusy, onPublish, onClose }: Props) {
  const { t, i18n } = useTranslation()
  const [people, setPeople] = useState<OfPeople>('stay')
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const words = useVocabulary()
  const titleOf = (key: string) => {
    const step = draft.steps.find((one) => one.key === key)
    return step ? sayStep(step, t, words).title : key
  }
  const uprooted = changes?.removed.reduce((sum, one) => sum + one.people, 0) ?? 0
  return (
    <Modal
      open
      title={t('journeys.publish.title', { name })}
      onCancel={onClose}
      footer={[
        <Button key="back" onClick={onClose}>
          {t('journeys.publish.back')}
        </Button>,
        <Button key="go" type="primary" loading={isBusy} onClick={() => onPublish(people)}>
          {t('journeys.publish.go')}
        </Button>,
      ]}
    >
      <div className={styles.fields}>
        {changes === null ? (
          <p className="soft">{t('journeys.publish.first')}</p>
        ) : (
          <>
            <ul className={styles.changes} aria-label={t('journeys.publish.changes', { version: changes.version })}>
              {(['added', 'changed'] as const).map(
                (of) =>
                  changes[of].length > 0 && (
                    <li key={of} data-of={of}>
                      <b>{t(`journeys.publish.${of}`, { n: changes[of].length })}</b>
                      <span className="soft">{changes[of].map(titleOf).join(t('journeys.say.and'))}</span>
                    </li>
                  ),
              )}
              {changes.removed.length > 0 && (
                <li data-of="removed">
                  <b>{t('journeys.publish.removed', { n: changes.removed.length })}</b>
                  <span className="soft">
                    {changes.removed
                      .map(({ step, people: held }) => {
                        const { title } = sayStep(step, t, words)
                        return held > 0 ? t('journeys.publish.removedWith', { title, n: count(held) }) : title
                      })
                      .join(t('journeys.say.and'))}
                  </span>
                </li>
              )}
              {changes.added.length + changes.changed.length + changes.removed.length === 0 && (
                <li className="quiet">{t('journeys.publish.same')}</li>
              )}
            </ul>
            {changes.underWay > 0 && (
              <fieldset className={styles.choices}>
                <legend className={styles.legendText}>
                  {t('journeys.publish.underWay', { n: count(changes.underWay) })}
                </legend>
                {CHOICES.map((value) => (
                  <label key={value} className={styles.choice} data-on={people === value || undefined}>
                    <input
                      type="radio"
                      name="people"
                      value={value}
                      checked={people === value}
                      onChange={() => setPeople(value)}
                    />
                    <span>
                      <b>{t(`journeys.publish.of.${value}.title`)}</b>
                      <small className="soft">
                        {t(`journeys.publish.of.${value}.why`, { n: count(changes.underWay) })}
                        {value === 'move' && uprooted > 0 && t('journeys.publish.uprooted', { n: count(uprooted) })}
                      </small>
                    </span>
                  </label>
                ))}
              </fieldset>
            )}
          </>
        )}
      </div>
    </Modal>
  )
}
