import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { useNow } from '../../ui/clock.ts'
import { Float } from '../../ui/float.tsx'
import { languageOf, sayDay } from '../../ui/time-words.ts'
import { useCan } from '../staff/session.ts'
import { MoveForm } from './move-form.tsx'
import { StageMark, shareOf } from './stage-mark.tsx'
import styles from './stages.module.css'
import { type Flow, useMove, useStageBook } from './use-stages.ts'

type Stay = Answer<'/api/contacts/{contactId}/stages'>['items'][number]

/** Where a customer stands in every flow, since when, and where he stood before. */
export function ContactStages({ contactId, name }: { contactId: string; name: string }) {
  const { t } = useTranslation()
  const { data: book } = useStageBook()
  const mayMove = useCan('stages.move')
  const [moving, setMoving] = useState(false)
  const [whole, setWhole] = useState(false)
  const { move, isPending } = useMove()
  const stays = api.useQuery(
    'get',
    '/api/contacts/{contactId}/stages',
    { params: { path: { contactId } } },
    { enabled: book !== undefined },
  )
  if (!book || !stays.data) return null
  const open = stays.data.items.filter((stay) => stay.until === null)
  const past = stays.data.items.filter((stay) => stay.until !== null)
  return (
    <section className={styles.card} aria-label={t('stages.title')}>
      <header>
        <h3>{t('stages.title')}</h3>
        {mayMove && (
          <Float
            open={moving}
            onOpenChange={setMoving}
            label={t('stages.move')}
            content={
              <MoveForm
                action={t('stages.move')}
                from={open.map((stay) => stay.stageId)}
                isPending={isPending}
                onMove={(chosen) => move({ contactId, name, ...chosen }, () => setMoving(false))}
              />
            }
          >
            <button type="button" className="textlink small">
              {t('stages.move')}
            </button>
          </Float>
        )}
      </header>
      {open.length === 0 && <p className="quiet small">{t('stages.none')}</p>}
      {open.map((stay) => (
        <Standing key={stay.stayId} stay={stay} flow={book.flows.find((flow) => flow.flowId === stay.flowId)} />
      ))}
      {past.length > 0 && (
        <button type="button" className="textlink small" onClick={() => setWhole(!whole)} aria-expanded={whole}>
          {t(whole ? 'stages.hidePast' : 'stages.showPast', { n: past.length })}
        </button>
      )}
      {whole && (
        <ul className={styles.past}>
          {past.map((stay) => (
            <Past key={stay.stayId} stay={stay} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Standing({ stay, flow }: { stay: Stay; flow: Flow | undefined }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const day = (at: string) => sayDay(new Date(at), now, languageOf(i18n))
  const ids = flow?.stages.map((stage) => stage.stageId) ?? []
  return (
    <div className={styles.standing}>
      <StageMark name={stay.stage} color={stay.color} share={shareOf(ids, stay.stageId)} />
      <span className="soft small">{t('stages.standingFor', { at: day(stay.since), n: stay.workedDays })}</span>
      {stay.toldAt ? (
        <span className={styles.late}>{t('stages.told', { at: day(stay.toldAt) })}</span>
      ) : (
        stay.dueAt && <span className="quiet small">{t('stages.due', { at: day(stay.dueAt) })}</span>
      )}
      <SaidWhy stay={stay} />
    </div>
  )
}

function Past({ stay }: { stay: Stay }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  return (
    <li>
      <b>{stay.stage}</b>{' '}
      <span className="quiet">
        {t('stages.stayed', { at: sayDay(new Date(stay.since), now, languageOf(i18n)), n: stay.workedDays })}
      </span>
      <SaidWhy stay={stay} />
    </li>
  )
}

function SaidWhy({ stay }: { stay: Stay }) {
  const { t } = useTranslation()
  const said = [t(`stages.way.${stay.way}`, { by: stay.actor ?? '' }), stay.lostReason, stay.reason].filter(Boolean)
  return <small className={styles.why}>{said.join(' · ')}</small>
}
