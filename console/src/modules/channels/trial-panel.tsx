import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount, sayRate } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { SkeletonRows } from '../../ui/states.tsx'
import { Moment } from '../../ui/time.tsx'
import styles from './channels.module.css'
import type { Code } from './use-channels.ts'

type Trial = NonNullable<Answer<'/api/channel-codes/{channelCodeId}/welcome-trial'>['trial']>
type Measure = Trial['measures'][number]

const letter = (nr: number) => 'ABCD'[nr] ?? ''
const points = (share: number) => `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(1)}`

/** How the wordings of a welcome do against each other, and what may be said of it by now. */
export function TrialPanel({ code }: { code: Code }) {
  const { t } = useTranslation()
  const query = api.useQuery('get', '/api/channel-codes/{channelCodeId}/welcome-trial', {
    params: { path: { channelCodeId: code.channelCodeId } },
  })
  const trial = query.data?.trial
  return (
    <Panel
      edge
      title={t('channels.trial.title')}
      sub={
        trial && (
          <>
            {t('channels.trial.since')} <Moment at={trial.since} />
            {trial.codes > 1 && ` · ${t('channels.trial.together', { count: trial.codes })}`}
          </>
        )
      }
    >
      <Loaded query={query} what={t('channels.trial.title')} skeleton={<SkeletonRows rows={3} avatar={false} />}>
        {({ trial: figures }) => figures && <TrialTable trial={figures} />}
      </Loaded>
    </Panel>
  )
}

function TrialTable({ trial }: { trial: Trial }) {
  const { t } = useTranslation()
  return (
    <>
      {trial.split.skewed && (
        <p className={`warn ${styles.trialSays}`} role="alert">
          {t('channels.trial.skewed')}
        </p>
      )}
      <div style={{ overflowX: 'auto' }}>
        <table className={`${styles.staffTable} ${styles.compareTable}`} aria-label={t('channels.trial.title')}>
          <thead>
            <tr>
              <th scope="col" aria-label={t('channels.trial.wording')} />
              {trial.variants.map(({ text, attachments }, nr) => (
                <th key={letter(nr)} scope="col" title={text}>
                  {letter(nr)}
                  <small className={`quiet ${styles.wording}`}>
                    {text || t('channels.attachments', { count: attachments })}
                  </small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{t('channels.trial.people')}</th>
              {trial.variants.map(({ people, weight }, nr) => (
                <td key={letter(nr)}>
                  {sayCount(people)} <small className="quiet">{t('channels.trial.weightOf', { weight })}</small>
                </td>
              ))}
            </tr>
            <tr>
              <th scope="row">{t('channels.trial.sent')}</th>
              {trial.variants.map(({ sent, people }, nr) => (
                <td key={letter(nr)}>{people === 0 ? '—' : `${sayCount(sent)} (${sayRate(sent, people)})`}</td>
              ))}
            </tr>
            {trial.measures.map((measure) => (
              <MeasureRow key={measure.measure} measure={measure} />
            ))}
          </tbody>
        </table>
      </div>
      <ul className={styles.trialSays}>
        {trial.measures.map((measure) => (
          <Conclusion key={measure.measure} measure={measure} />
        ))}
      </ul>
      <p className={`small quiet ${styles.trialSays}`}>{t('channels.trial.how')}</p>
    </>
  )
}

function MeasureRow({ measure: { measure, shares, best, overFirst } }: { measure: Measure }) {
  const { t } = useTranslation()
  return (
    <tr>
      <th scope="row">{t(`channels.trial.measure.${measure}`)}</th>
      {shares.map(({ of, yes }, nr) => {
        const over = overFirst[nr]
        return (
          <td key={letter(nr)}>
            {of === 0 ? <span className="quiet">{t('channels.compared.tooSoon')}</span> : null}
            {of > 0 && (nr === best ? <b>{sayRate(yes, of)}</b> : sayRate(yes, of))}
            {of > 0 && (
              <small className="quiet">
                {' '}
                {yes}/{of}
                {over && ` · ${t('channels.trial.over', { from: points(over.from), to: points(over.to) })}`}
              </small>
            )}
          </td>
        )
      })}
    </tr>
  )
}

function Conclusion({ measure: { measure, state, best } }: { measure: Measure }) {
  const { t } = useTranslation()
  return (
    <li>
      {t(`channels.trial.measure.${measure}`)}
      {t('channels.trial.colon')}
      {state === 'winner' ? (
        <b>{t('channels.trial.state.winner', { letter: letter(best ?? 0) })}</b>
      ) : (
        <span className="soft">{t(`channels.trial.state.${state}`)}</span>
      )}
    </li>
  )
}
