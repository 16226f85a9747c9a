import { Input, InputNumber, Radio, Select, Slider } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useNow } from '../../ui/clock.ts'
import { sayCount } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { Moment } from '../../ui/time.tsx'
import { languageOf, shanghaiDay } from '../../ui/time-words.ts'
import { fromLocal, toLocal } from '../tasks/due.ts'
import styles from './broadcasts.module.css'
import type { Draft, Preview } from './use-broadcasts.ts'

const STAFF_MAX = 200
const DAY_MS = 86_400_000
type Schedule = NonNullable<Draft['schedule']>
type Senders = NonNullable<Draft['senders']>

interface Props {
  draft: Draft
  onChange: (draft: Draft) => void
  preview: Preview | undefined
}

/** Who presses send, when, and what it is compared with. */
export function SendFields({ draft, onChange, preview }: Props) {
  const { t } = useTranslation()
  const put = (given: Partial<Draft>) => onChange({ ...draft, ...given })
  return (
    <>
      <Panel title={t('broadcasts.sendersTitle')} sub={t('broadcasts.sendersWhy')}>
        <SenderFields value={draft.senders ?? { kind: 'recent' }} onChange={(senders) => put({ senders })} />
      </Panel>
      <Panel title={t('broadcasts.whenTitle')}>
        <WhenFields
          value={draft.schedule ?? { kind: 'now' }}
          onChange={(schedule) => put({ schedule })}
          preview={preview}
        />
      </Panel>
      <Week at={preview?.at} />
      <Panel title={t('broadcasts.compareTitle')}>
        <div className={styles.pair}>
          <div className={styles.field}>
            <span id="holdout">{t('broadcasts.holdout', { share: (draft.holdout ?? 0) / 10 })}</span>
            <Slider
              min={0}
              max={300}
              step={10}
              ariaLabelledByForHandle="holdout"
              tooltip={{ formatter: (value) => `${(value ?? 0) / 10}%` }}
              value={draft.holdout ?? 0}
              onChange={(holdout) => put({ holdout })}
            />
            <small className="quiet">{t('broadcasts.holdoutWhy')}</small>
          </div>
          <div className={styles.fields}>
            <div className={styles.field}>
              <span id="window">{t('broadcasts.window')}</span>
              <InputNumber
                aria-labelledby="window"
                min={1}
                max={30}
                value={draft.windowDays ?? 7}
                suffix={t('broadcasts.days')}
                onChange={(windowDays) => put({ windowDays: windowDays ?? 7 })}
              />
            </div>
            <div className={styles.field}>
              <span id="priority">{t('broadcasts.priority')}</span>
              <Select
                aria-labelledby="priority"
                value={draft.priority ?? 5}
                options={[2, 5, 8].map((value) => ({ value, label: t(`broadcasts.priorities.p${value as 5}`) }))}
                onChange={(priority) => put({ priority })}
              />
            </div>
          </div>
        </div>
      </Panel>
    </>
  )
}

function SenderFields({ value, onChange }: { value: Senders; onChange: (senders: Senders) => void }) {
  const { t } = useTranslation()
  const staff = api.useQuery('get', '/api/staff', { params: { query: { limit: STAFF_MAX } } }, { staleTime: 60_000 })
  return (
    <div className={styles.fields}>
      <Radio.Group
        vertical
        value={value.kind}
        options={(['recent', 'owner', 'balanced', 'one'] as const).map((kind) => ({
          value: kind,
          label: (
            <>
              {t(`broadcasts.senders.${kind}`)} <small className="quiet">{t(`broadcasts.sendersSay.${kind}`)}</small>
            </>
          ),
        }))}
        onChange={({ target }) =>
          onChange(target.value === 'one' ? { kind: 'one', staffId: '' } : { kind: target.value as 'recent' })
        }
      />
      {value.kind === 'one' && (
        <Select
          showSearch
          optionFilterProp="label"
          aria-label={t('broadcasts.senders.one')}
          placeholder={t('broadcasts.pickStaff')}
          value={value.staffId || undefined}
          options={(staff.data?.items ?? []).map(({ staffId, name }) => ({ value: staffId, label: name }))}
          onChange={(staffId) => onChange({ kind: 'one', staffId })}
        />
      )}
    </div>
  )
}

function WhenFields({
  value,
  onChange,
  preview,
}: {
  value: Schedule
  onChange: (schedule: Schedule) => void
  preview: Preview | undefined
}) {
  const { t } = useTranslation()
  const now = useNow()
  const tomorrow = `${shanghaiDay(new Date(now.getTime() + DAY_MS))}T10:00`
  const begin: Record<Schedule['kind'], Schedule> = {
    now: { kind: 'now' },
    at: { kind: 'at', at: fromLocal(tomorrow)!.toISOString() },
    every: { kind: 'every', every: 'week', on: 5, time: '10:00', until: null },
  }
  return (
    <div className={styles.fields}>
      <Radio.Group
        value={value.kind}
        options={(['now', 'at', 'every'] as const).map((kind) => ({
          value: kind,
          label: t(`broadcasts.when.${kind}`),
        }))}
        onChange={({ target }) => onChange(begin[target.value as Schedule['kind']])}
      />
      {value.kind === 'at' && (
        <Input
          type="datetime-local"
          aria-label={t('broadcasts.when.at')}
          style={{ maxWidth: 240 }}
          value={toLocal(new Date(value.at))}
          onChange={({ target }) => {
            const at = fromLocal(target.value)
            if (at) onChange({ kind: 'at', at: at.toISOString() })
          }}
        />
      )}
      {value.kind === 'every' && <EveryFields value={value} onChange={onChange} />}
      {preview && (
        <p className={preview.moved ? 'warn' : 'soft'}>
          {preview.moved ? t('broadcasts.movedTo') : t('broadcasts.goesAt')} <Moment at={preview.at} />
        </p>
      )}
    </div>
  )
}

function EveryFields({
  value,
  onChange,
}: {
  value: Extract<Schedule, { kind: 'every' }>
  onChange: (schedule: Schedule) => void
}) {
  const { t } = useTranslation()
  const days: { value: number; label: string }[] =
    value.every === 'week'
      ? ([1, 2, 3, 4, 5, 6, 7] as const).map((on) => ({ value: on as number, label: t(`broadcasts.weekday.d${on}`) }))
      : Array.from({ length: 31 }, (_, nr) => ({ value: nr + 1, label: t('broadcasts.dayOf', { day: nr + 1 }) }))
  return (
    <div className={styles.act}>
      <Select
        aria-label={t('broadcasts.rhythm')}
        value={value.every}
        options={(['day', 'week', 'month'] as const).map((every) => ({
          value: every,
          label: t(`broadcasts.every.${every}`),
        }))}
        onChange={(every) => onChange({ ...value, every, on: 1 })}
      />
      {value.every !== 'day' && (
        <Select
          aria-label={t('broadcasts.rhythmDay')}
          value={value.on ?? 1}
          options={days}
          onChange={(on) => onChange({ ...value, on })}
        />
      )}
      <Input
        type="time"
        aria-label={t('broadcasts.rhythmTime')}
        style={{ width: 110 }}
        value={value.time}
        onChange={({ target }) => target.value && onChange({ ...value, time: target.value })}
      />
    </div>
  )
}

/** What else reaches customers in the week it goes out. */
function Week({ at }: { at: string | undefined }) {
  const { t, i18n } = useTranslation()
  const middle = at ? new Date(at) : undefined
  const span = middle && {
    from: shanghaiDay(new Date(middle.getTime() - 3 * DAY_MS)),
    to: shanghaiDay(new Date(middle.getTime() + 3 * DAY_MS)),
  }
  const touches = api.useQuery(
    'get',
    '/api/touches',
    { params: { query: span ?? { from: '2026-01-01', to: '2026-01-01' } } },
    { enabled: span !== undefined, retry: false, staleTime: 10_000 },
  ).data
  if (!touches || touches.length === 0) return null
  return (
    <Panel title={t('broadcasts.week')} sub={t('broadcasts.weekWhy')}>
      <ul className={styles.overlaps} style={{ border: 0, margin: 0, padding: 0 }}>
        {touches
          .filter(({ released }) => !released)
          .slice(0, 10)
          .map(({ touchId, title, at: when, topic, counts }) => (
            <li key={touchId}>
              <small className="quiet">
                <Moment at={when} />
              </small>
              <span>
                {title} <small className="quiet">{topic}</small>
              </span>
              <b>{sayCount((counts.reserved ?? 0) + (counts.asked ?? 0) + (counts.sent ?? 0), languageOf(i18n))}</b>
            </li>
          ))}
      </ul>
    </Panel>
  )
}
