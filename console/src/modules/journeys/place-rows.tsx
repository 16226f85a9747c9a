import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Ago, Moment } from '../../ui/time.tsx'
import { useVocabulary } from '../segments/use-names.ts'
import type { Place } from './contract.ts'
import styles from './journeys.module.css'
import { sayStep } from './say-step.ts'

interface Props {
  places: readonly Place[]
  /** Undefined for whoever may not. */
  onTakeOut: ((place: Place) => Promise<unknown>) | undefined
}

/** Where a customer is in journeys: the step he stands at, what comes next and when. */
export function PlaceRows({ places, onTakeOut }: Props) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const words = useVocabulary()
  const ask = (place: Place, run: NonNullable<Props['onTakeOut']>) =>
    modal.confirm({
      title: t('journeys.place.takeOutTitle', { name: place.name }),
      content: t('journeys.place.takeOutWhy'),
      okText: t('journeys.place.takeOut'),
      cancelText: t('journeys.publish.back'),
      onOk: () => run(place),
    })
  return (
    <section className={styles.chunk} aria-label={t('journeys.place.title')}>
      <header>
        <h3>{t('journeys.place.title')}</h3>
      </header>
      {places.length === 0 && <p className="quiet small">{t('journeys.place.none')}</p>}
      {places.map((place) => (
        <div key={place.enrolmentId} className={styles.place}>
          <span>
            <Link className="underlined" to={`/journeys/${place.journeyId}?show=stats`}>
              {place.name}
            </Link>{' '}
            <small className="quiet">
              <Ago at={place.since} />
            </small>
          </span>
          {place.endedAt === null && onTakeOut ? (
            <Button size="small" type="text" onClick={() => void ask(place, onTakeOut)}>
              {t('journeys.place.takeOut')}
            </Button>
          ) : (
            <i />
          )}
          {place.endedAt === null ? (
            <p className="small soft">
              {place.step && t('journeys.place.at', { step: sayStep(place.step, t, words).title })}
              {place.nextAt && (
                <>
                  {' '}
                  {t('journeys.place.next')} <Moment at={place.nextAt} />
                </>
              )}
            </p>
          ) : (
            <p className="small quiet">
              <Ago at={place.endedAt} /> · {place.ended && t(`journeys.left.${place.ended}`)}
            </p>
          )}
        </div>
      ))}
    </section>
  )
}
