import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { ChoiceList } from '../../ui/choice-list.tsx'
import { useNow } from '../../ui/clock.ts'
import { FilterChip } from '../../ui/filter-chip.tsx'
import { languageOf, sayDay, shanghaiDay } from '../../ui/time-words.ts'
import styles from '../contacts/contacts.module.css'

export const SHOPS = ['youzan', 'taobao', 'jd', 'wechat-shop', 'weimob', 'own'] as const
export type Shop = (typeof SHOPS)[number]
const STATES = ['placed', 'paid', 'closed', 'refunded'] as const
const STAFF_MAX = 200
const DAY_MS = 86_400_000
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const ID = /^[1-9]\d{0,17}$/
const FEN = /^\d{1,12}$/
/** From so much on, in fen. */
const AMOUNTS = ['10000', '30000', '100000'] as const

export interface Asked {
  shop: Shop | undefined
  state: (typeof STATES)[number] | undefined
  staffId: string | undefined
  from: string | undefined
  to: string | undefined
  fenMin: number | undefined
}

/** What the address asks for; what makes no sense there asks for nothing. */
export function readAsked(params: URLSearchParams): Asked {
  const kept = (name: string, shape: RegExp) => {
    const value = params.get(name)
    return value !== null && shape.test(value) ? value : undefined
  }
  const fenMin = kept('fenMin', FEN)
  return {
    shop: SHOPS.find((one) => one === params.get('shop')),
    state: STATES.find((one) => one === params.get('state')),
    staffId: kept('staffId', ID),
    from: kept('from', DAY),
    to: kept('to', DAY),
    fenMin: fenMin === undefined ? undefined : Number(fenMin),
  }
}

interface Props {
  asked: Asked
  onChange: (to: Partial<Record<keyof Asked, string | undefined>>) => void
}

/** By shop, state, guide, amount and day. */
export function OrderFilters({ asked, onChange }: Props) {
  const { t } = useTranslation()
  const staff = api.useQuery('get', '/api/staff', { params: { query: { limit: STAFF_MAX } } })
  const people = staff.data?.items.map(({ staffId, name }) => ({ value: staffId, label: name })) ?? []
  const pick = (
    name: 'shop' | 'state' | 'staffId' | 'fenMin',
    label: string,
    choices: { value: string; label: string }[],
  ) => {
    const value = asked[name] === undefined ? undefined : String(asked[name])
    return (
      <FilterChip
        label={label}
        value={value && (choices.find((choice) => choice.value === value)?.label ?? '…')}
        onClear={() => onChange({ [name]: undefined })}
      >
        {(close) => (
          <ChoiceList
            label={label}
            choices={choices}
            chosen={value ? [value] : []}
            onChoose={(id) => {
              onChange({ [name]: id })
              close()
            }}
          />
        )}
      </FilterChip>
    )
  }
  const shops = SHOPS.map((value) => ({ value, label: t(`orders.shops.${value}`) }))
  const states = STATES.map((value) => ({ value, label: t(`orders.state.${value}`) }))
  const amounts = AMOUNTS.map((value) => ({ value, label: t('orders.from', { yuan: Number(value) / 100 }) }))
  return (
    <div className={styles.filters}>
      <PeriodChip asked={asked} onChange={onChange} />
      {pick('shop', t('orders.column.shop'), shops)}
      {pick('state', t('orders.column.state'), states)}
      {pick('staffId', t('orders.column.staff'), people)}
      {pick('fenMin', t('orders.column.amount'), amounts)}
    </div>
  )
}

function PeriodChip({ asked, onChange }: Props) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const today = shanghaiDay(now)
  const since = (days: number) => shanghaiDay(new Date(now.getTime() - (days - 1) * DAY_MS))
  const periods = [
    { word: 'today', from: today },
    { word: 'week', from: since(7) },
    { word: 'month', from: since(30) },
  ] as const
  const preset = periods.find(({ from }) => from === asked.from && asked.to === today)
  const say = (day: string | undefined) =>
    day ? sayDay(new Date(`${day}T12:00:00+08:00`), now, languageOf(i18n)) : '…'
  const period = preset
    ? t(`losses.periods.${preset.word}`)
    : (asked.from ?? asked.to) && t('losses.range', { from: say(asked.from), to: say(asked.to) })
  return (
    <FilterChip
      label={t('losses.period')}
      value={period || undefined}
      onClear={() => onChange({ from: undefined, to: undefined })}
    >
      {(close) => (
        <ChoiceList
          label={t('losses.period')}
          choices={periods.map(({ word }) => ({ value: word, label: t(`losses.periods.${word}`) }))}
          chosen={preset ? [preset.word] : []}
          onChoose={(word) => {
            onChange({ from: periods.find((one) => one.word === word)?.from, to: today })
            close()
          }}
        />
      )}
    </FilterChip>
  )
}
