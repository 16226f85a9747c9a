import { keepPreviousData } from '@tanstack/react-query'
import { Button, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { ChartPanel } from '../../ui/chart-panel.tsx'
import { useNow } from '../../ui/clock.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount, sayRate, sayYuan } from '../../ui/number-words.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { languageOf, sayDay } from '../../ui/time-words.ts'
import styles from './channels.module.css'
import { StatsButton } from './downloads.tsx'
import { PERIODS, rangeOf, usePeriod } from './periods.ts'

type Comparison = Answer<'/api/channel-codes/compare'>
type Subject = Comparison['subjects'][number]
const COMPARED_MAX = 6
const CHOICES = 100
const SLOTS = [0, 1, 2, 3, 4, 5] as const

/** Two to six codes or folders over the same days. Which ones stands in the address. */
export function ComparePage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams()
  const now = useNow()
  const [period, setPeriod] = usePeriod()
  const codes = (params.get('codes') ?? '').split(',').filter((id) => /^[1-9]\d{0,17}$/.test(id))
  const groups = params.getAll('group')
  const chosen = [...codes.map((id) => `code:${id}`), ...groups.map((name) => `group:${name}`)]
  const range = rangeOf(period, now)
  const enough = chosen.length >= 2 && chosen.length <= COMPARED_MAX
  const query = {
    ...range,
    ...(codes.length > 0 ? { codes: codes.join() } : {}),
    ...(groups.length > 0 ? { groups } : {}),
  }
  const comparison = api.useQuery(
    'get',
    '/api/channel-codes/compare',
    { params: { query } },
    { enabled: enough, placeholderData: keepPreviousData },
  )
  const choose = (keys: string[]) => {
    const next = new URLSearchParams(params)
    next.delete('group')
    next.set('codes', keys.flatMap((key) => (key.startsWith('code:') ? [key.slice(5)] : [])).join())
    for (const key of keys) if (key.startsWith('group:')) next.append('group', key.slice(6))
    setParams(next, { replace: true })
  }
  return (
    <>
      <PageHeader crumbs={[{ label: t('channels.title'), to: '/channels' }]} title={t('channels.compared.title')}>
        <Segmented
          value={period}
          options={PERIODS.map((name) => ({ value: name, label: t(`channels.period.${name}`) }))}
          onChange={setPeriod}
        />
        {enough && <StatsButton of={query} />}
      </PageHeader>
      <div className={styles.compare}>
        <Chooser chosen={chosen} known={comparison.data?.subjects ?? []} onChange={choose} />
        {enough ? (
          <Loaded
            query={comparison}
            what={t('channels.compared.title')}
            skeleton={
              <Panel>
                <SkeletonRows rows={6} avatar={false} />
              </Panel>
            }
          >
            {(data) => <SideBySide comparison={data} />}
          </Loaded>
        ) : (
          <Panel>
            <EmptyState
              icon="swap"
              title={t('channels.compared.howMany')}
              why={t('channels.compared.why')}
              action={<Button onClick={() => void navigate('/channels')}>{t('channels.compared.toList')}</Button>}
            />
          </Panel>
        )}
      </div>
    </>
  )
}

function Chooser({
  chosen,
  known,
  onChange,
}: {
  chosen: string[]
  known: Subject[]
  onChange: (keys: string[]) => void
}) {
  const { t } = useTranslation()
  const list = api.useQuery('get', '/api/channel-codes', { params: { query: { limit: CHOICES } } })
  const groups = api.useQuery('get', '/api/channel-codes/groups', {})
  const codes = (list.data?.items ?? []).map(({ channelCodeId, name }) => ({
    value: `code:${channelCodeId}`,
    label: name,
  }))
  const old = known
    .filter(({ key, isGroup }) => !isGroup && !codes.some(({ value }) => value === key))
    .map(({ key, name }) => ({ value: key, label: name }))
  // A folder is its name; a code out of the first hundred is known once compared.
  const nameOf = (key: string) =>
    key.startsWith('group:') ? key.slice(6) : [...codes, ...old].find(({ value }) => value === key)?.label
  return (
    <Select
      mode="multiple"
      maxCount={COMPARED_MAX}
      optionFilterProp="label"
      aria-label={t('channels.compared.choose')}
      placeholder={t('channels.compared.choose')}
      value={chosen.map((key) => ({ value: key, label: nameOf(key) }))}
      labelInValue
      onChange={(keys) => onChange(keys.map(({ value }) => value))}
      options={[
        ...(groups.data && groups.data.length > 0
          ? [
              {
                label: t('channels.group'),
                options: groups.data.map(({ name, codes: n }) => ({ value: `group:${name}`, label: `${name} (${n})` })),
              },
            ]
          : []),
        { label: t('channels.title'), options: [...codes, ...old] },
      ]}
    />
  )
}

function SideBySide({ comparison }: { comparison: Comparison }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const language = languageOf(i18n)
  const { subjects } = comparison
  const day = (index: number) =>
    sayDay(new Date(Date.parse(`${comparison.from}T12:00:00+08:00`) + index * 86_400_000), now, language)
  const count = (n: number) => `${n < 0 ? '−' : ''}${sayCount(Math.abs(n), language)}`
  const rows: { name: string; cell: (subject: Subject) => string; best?: (subject: Subject) => number }[] = [
    { name: t('channels.totals.scans'), cell: ({ totals }) => (totals.scans === 0 ? '—' : count(totals.scans)) },
    { name: t('channels.totals.adds'), cell: ({ totals }) => count(totals.adds), best: ({ totals }) => totals.adds },
    {
      name: t('channels.replied'),
      cell: ({ replied }) =>
        replied === null
          ? t('channels.funnelUntold')
          : replied.of === 0
            ? '—'
            : `${sayRate(replied.count, replied.of)} (${replied.count}/${replied.of})`,
    },
    { name: t('channels.totals.losses'), cell: ({ totals }) => count(totals.losses) },
    { name: t('channels.totals.net'), cell: ({ totals }) => count(totals.net), best: ({ totals }) => totals.net },
    ...[0, 1, 2].map((nr) => ({
      name: t('channels.retention', { days: subjects[0]?.retention[nr]?.days ?? 0 }),
      cell: ({ retention }: Subject) => {
        const one = retention[nr]
        return one && one.of > 0
          ? `${sayRate(one.kept, one.of)} (${one.kept}/${one.of})`
          : t('channels.compared.tooSoon')
      },
    })),
    { name: t('channels.place.cost'), cell: ({ costFen }) => (costFen === 0 ? '—' : sayYuan(costFen)) },
    {
      name: t('channels.place.cpa'),
      cell: ({ cpaFen }) => (cpaFen === null ? '—' : sayYuan(cpaFen)),
      best: ({ cpaFen }) => (cpaFen === null ? -Infinity : -cpaFen),
    },
  ]
  return (
    <div className={styles.column}>
      <Panel edge title={t('channels.compared.figures')} sub={t('channels.compared.costSays')}>
        <div style={{ overflowX: 'auto' }}>
          <table className={`${styles.staffTable} ${styles.compareTable}`} aria-label={t('channels.compared.figures')}>
            <thead>
              <tr>
                <th scope="col" aria-label={t('channels.compared.figure')} />
                {subjects.map(({ key, name, isGroup, codes }) => (
                  <th key={key} scope="col">
                    {isGroup ? (
                      <Link to={`/channels?group=${encodeURIComponent(name)}`}>{name}</Link>
                    ) : (
                      <Link to={`/channels/${key.slice(5)}`}>{name}</Link>
                    )}
                    {isGroup && <small className="quiet"> {t('channels.compared.codes', { count: codes })}</small>}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ name, cell, best }) => {
                const most = best ? Math.max(...subjects.map(best)) : undefined
                const leads = (subject: Subject) =>
                  best !== undefined &&
                  best(subject) === most &&
                  subjects.filter((one) => best(one) === most).length === 1
                return (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    {subjects.map((subject) => (
                      <td key={subject.key}>{leads(subject) ? <b>{cell(subject)}</b> : cell(subject)}</td>
                    ))}
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      </Panel>
      <ChartPanel
        title={t('channels.compared.trend')}
        says={subjects.map(({ name, totals }) => `${name} ${totals.adds}`).join('；')}
        labels={subjects[0]?.adds.map((_, index) => day(index)) ?? []}
        series={subjects.map(({ name, adds }, nr) => ({ name, slot: SLOTS[nr] ?? 0, values: adds }))}
        height={260}
      />
    </div>
  )
}
