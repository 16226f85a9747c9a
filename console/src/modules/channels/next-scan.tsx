import { App, Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { useNow } from '../../ui/clock.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SkeletonRows } from '../../ui/states.tsx'
import { languageOf, sayClock, sayDay } from '../../ui/time-words.ts'
import { useCan } from '../staff/session.ts'
import styles from './roster.module.css'
import { RosterFaults } from './roster-faults.tsx'
import { RosterGrid } from './roster-grid.tsx'
import { type Code, type NextScan, useRoster } from './use-channels.ts'

type Person = NextScan['people'][number]
const HOUR_MS = 3_600_000

/** Who takes the customers of this code: the coming week, and the next scan with its reasons. */
export function WhoReceives({ code }: { code: Code }) {
  const { t } = useTranslation()
  const mayWrite = useCan('channels.write')
  const roster = useRoster(code.channelCodeId)
  return (
    <Panel
      title={t('channels.roster.title')}
      sub={code.roster ? t('channels.roster.weekly') : t('channels.roster.always')}
      extra={
        mayWrite && (
          <Link to={`/channels/${code.channelCodeId}/edit#roster`}>
            {code.roster ? t('channels.roster.change') : t('channels.roster.make')}
          </Link>
        )
      }
    >
      <Loaded query={roster} what={t('channels.roster.title')} skeleton={<SkeletonRows rows={3} />}>
        {({ plan, next }) => (
          <>
            {plan && <RosterGrid plan={plan} people={next.people} />}
            {plan && plan.faults.length > 0 && (
              <div style={{ paddingTop: 10 }}>
                <RosterFaults plan={plan} />
              </div>
            )}
            <Next next={next} />
            <Reasons next={next} mayWrite={mayWrite} />
          </>
        )}
      </Loaded>
    </Panel>
  )
}

export function Next({ next }: { next: NextScan }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const names = next.people.filter(({ staffId }) => next.receives.includes(staffId)).map(({ name }) => name)
  const changes = next.changesAt ? new Date(next.changesAt) : undefined
  return (
    <div className={styles.next}>
      <span>
        {names.length === 0
          ? t('channels.roster.nobody')
          : t(
              next.byBackup
                ? 'channels.roster.nextBackup'
                : names.length === 1
                  ? 'channels.roster.nextOne'
                  : 'channels.roster.next',
              { names: names.join(t('channels.roster.or')) },
            )}
      </span>
      <span className="small quiet">
        {t(next.skipVerify ? 'channels.verifyAuto' : 'channels.verifyHand')}
        {changes &&
          `，${t('channels.roster.until', { at: `${sayDay(changes, now, languageOf(i18n))} ${sayClock(changes)}` })}`}
      </span>
      {next.onItsWay && <span className="small warn">{t('channels.roster.onItsWay')}</span>}
    </div>
  )
}

export function Reasons({ next, mayWrite }: { next: NextScan; mayWrite: boolean }) {
  return (
    <ul className={styles.why}>
      {next.people.map((person) => (
        <Why key={person.staffId} person={person} mayWrite={mayWrite} />
      ))}
    </ul>
  )
}

/** One person's reason, with the switch that takes him off duty or puts him back on. */
function Why({ person, mayWrite }: { person: Person; mayWrite: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const now = useNow()
  const setDuty = api.useMutation('put', '/api/staff/{staffId}/duty', {
    onError,
    onSuccess({ onDuty }) {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/channel-codes/{channelCodeId}/roster'] })
      void message.success(t(onDuty ? 'channels.roster.backOn' : 'channels.roster.nowOff', { name: person.name }))
    },
  })
  const params = { path: { staffId: person.staffId } }
  const off = (until: string | null) => setDuty.mutate({ params, body: { onDuty: false, until } })
  const until = person.offUntil ? sayClock(new Date(person.offUntil)) : undefined
  return (
    <li>
      <b>{person.name}</b>
      {person.verdict === 'off_duty' && until
        ? t('channels.roster.verdict.offUntil', { until })
        : t(`channels.roster.verdict.${person.verdict}`)}
      {mayWrite && person.verdict === 'off_duty' && (
        <Button
          size="small"
          type="link"
          loading={setDuty.isPending}
          onClick={() => setDuty.mutate({ params, body: { onDuty: true } })}
        >
          {t('channels.roster.callBack')}
        </Button>
      )}
      {mayWrite && (person.verdict === 'receives' || person.verdict === 'stands_by') && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              {
                key: 'hour',
                label: t('channels.roster.offHour'),
                onClick: () => off(new Date(now.getTime() + HOUR_MS).toISOString()),
              },
              { key: 'open', label: t('channels.roster.offOpen'), onClick: () => off(null) },
            ],
          }}
        >
          <Button size="small" type="text" aria-label={t('channels.roster.rest', { name: person.name })}>
            <Icon name="more" size={14} />
          </Button>
        </Dropdown>
      )}
    </li>
  )
}
