import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { api } from '../../../api/client.ts'
import { ChartPanel } from '../../../ui/chart-panel.tsx'
import { useNow } from '../../../ui/clock.ts'
import { Figures } from '../../../ui/figures.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { sayCount, sayRate } from '../../../ui/number-words.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useProblemToast } from '../../../ui/problem-toast.ts'
import { EmptyState, SkeletonBlock } from '../../../ui/states.tsx'
import { languageOf, sayDay } from '../../../ui/time-words.ts'
import { useCan, useSession } from '../../staff/session.ts'
import { ForwardPanel } from './forward-panel.tsx'
import styles from './radar.module.css'
import { ReadersPanel } from './readers-panel.tsx'
import { ReadingRules } from './reading-rules.tsx'
import { RulePanel } from './rule-panel.tsx'
import { saySeconds } from './say-seconds.ts'
import { type MaterialRadar, useMaterialRadar } from './use-radar.ts'

/** One material: who read it, how far, by whose links, and to whom it went on. */
export function MaterialRadarPage() {
  const { t } = useTranslation()
  const { materialId = '' } = useParams()
  const radar = useMaterialRadar(materialId)
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('radar.title'), to: '/content/radar' }]}
        title={radar.data?.title ?? t('radar.title')}
        meta={radar.data && t(`radar.kind.${radar.data.kind}` as 'radar.kind.article')}
      >
        <CopyLink materialId={materialId} />
      </PageHeader>
      <div className={styles.page}>
        <Loaded query={radar} what={t('radar.title')} skeleton={<SkeletonBlock height={420} />}>
          {(data) => <Found data={data} />}
        </Loaded>
      </div>
    </>
  )
}

/** A link in one's own name, for places the sidebar does not reach. */
function CopyLink({ materialId }: { materialId: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { staffId } = useSession()
  const onError = useProblemToast()
  const mayMake = useCan('content.own') && staffId !== null
  const make = api.useMutation('post', '/api/radar/links', {
    async onSuccess({ url }) {
      await navigator.clipboard.writeText(url)
      void message.success(t('radar.linkCopied'))
    },
    onError,
  })
  if (!mayMake) return null
  return (
    <Button
      icon={<Icon name="link" size={14} />}
      loading={make.isPending}
      onClick={() => make.mutate({ body: { materialId, channel: 'other' } })}
    >
      {t('radar.copyLink')}
    </Button>
  )
}

function Found({ data }: { data: MaterialRadar }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const language = languageOf(i18n)
  if (data.opens === 0)
    return (
      <Panel>
        <EmptyState icon="eye" title={t('radar.unread')} why={t('radar.unreadWhy', { n: data.links })} />
      </Panel>
    )
  const { trend, reached } = data
  return (
    <div className={styles.column}>
      <Totals data={data} />
      <div className={styles.two}>
        <ChartPanel
          title={t('radar.trend')}
          sub={t('radar.trendSub')}
          says={t('radar.trendSays', { opens: trend.reduce((n, day) => n + day.opens, 0) })}
          labels={trend.map(({ day }) => sayDay(new Date(`${day}T12:00:00+08:00`), now, language))}
          series={[
            { name: t('radar.column.opens'), slot: 0, values: trend.map(({ opens }) => opens), area: true },
            { name: t('radar.column.people'), slot: 1, values: trend.map(({ people }) => people) },
          ]}
          height={196}
        />
        <ChartPanel
          title={t('radar.reached')}
          sub={t('radar.reachedSub')}
          says={t('radar.reachedSays', { half: reached[4] ?? 0, end: reached[9] ?? 0 })}
          labels={reached.map((_, i) => `${(i + 1) * 10}%`)}
          series={[{ name: t('radar.reachedSeries'), slot: 2, values: reached, area: true }]}
          most={100}
          height={196}
        />
      </div>
      {data.pages.length > 0 && <Pages pages={data.pages} />}
      <div className={styles.two}>
        <Staff data={data} />
        {data.channels.length > 0 && <Channels data={data} />}
      </div>
      <ReadersPanel materialId={data.materialId} />
      <ForwardPanel materialId={data.materialId} title={data.title} forwards={data.forwards} />
      <ReadingRules materialId={data.materialId} title={data.title} kind={data.kind} />
      <RulePanel materialId={data.materialId} title={data.title} kind={data.kind} />
    </div>
  )
}

/** Of a PDF: on which pages people stay, and where they stop. */
function Pages({ pages }: { pages: MaterialRadar['pages'] }) {
  const { t, i18n } = useTranslation()
  const language = languageOf(i18n)
  const labels = pages.map((_, i) => t('radar.pages.page', { n: i + 1 }))
  const longest = pages.reduce((best, { seconds }, i) => (seconds > pages[best]!.seconds ? i : best), 0)
  return (
    <div className={styles.two}>
      <ChartPanel
        title={t('radar.pages.reached')}
        sub={t('radar.pages.reachedSub')}
        says={t('radar.pages.reachedSays', { n: pages.length, share: pages.at(-1)!.reached })}
        labels={labels}
        series={[
          { name: t('radar.pages.reachedSeries'), slot: 2, values: pages.map(({ reached }) => reached), area: true },
        ]}
        most={100}
        height={196}
      />
      <ChartPanel
        title={t('radar.pages.seconds')}
        sub={t('radar.pages.secondsSub')}
        says={t('radar.pages.secondsSays', { n: longest + 1, seconds: saySeconds(pages[longest]!.seconds, language) })}
        kind="bar"
        labels={labels}
        series={[{ name: t('radar.pages.secondsSeries'), slot: 0, values: pages.map(({ seconds }) => seconds) }]}
        height={196}
      />
    </div>
  )
}

function Totals({ data }: { data: MaterialRadar }) {
  const { t, i18n } = useTranslation()
  const language = languageOf(i18n)
  const count = (n: number) => sayCount(n, language)
  const mean = data.readings === 0 ? null : Math.round(data.seconds / data.readings)
  const figures: [string, string, string][] = [
    [t('radar.column.opens'), count(data.opens), t('radar.figures.links', { n: count(data.links) })],
    [
      t('radar.column.people'),
      count(data.people),
      t('radar.figures.each', { n: (data.opens / Math.max(1, data.people)).toFixed(1) }),
    ],
    [t('radar.column.seconds'), saySeconds(mean, language), t('radar.figures.readings', { n: count(data.readings) })],
    [t('radar.figures.end'), data.readings === 0 ? '—' : `${data.reached[9] ?? 0}%`, t('radar.figures.endWhat')],
    [t('radar.column.forwards'), count(data.forwards), t('radar.figures.forwardsWhat')],
  ]
  return <Figures figures={figures} />
}

type OfStaff = MaterialRadar['staff'][number]

function Staff({ data }: { data: MaterialRadar }) {
  const { t, i18n } = useTranslation()
  const language = languageOf(i18n)
  const columns: Column<OfStaff>[] = [
    { key: 'name', title: t('radar.staff.name'), cell: ({ name }) => name },
    {
      key: 'opens',
      title: t('radar.column.opens'),
      align: 'right',
      width: 80,
      cell: ({ opens }) => sayCount(opens, language),
    },
    {
      key: 'people',
      title: t('radar.column.people'),
      align: 'right',
      width: 80,
      cell: ({ people }) => sayCount(people, language),
    },
    {
      key: 'seconds',
      title: t('radar.column.seconds'),
      align: 'right',
      width: 110,
      cell: ({ secondsMean }) => saySeconds(secondsMean, language),
    },
  ]
  return (
    <Panel edge title={t('radar.staff.title')} sub={t('radar.staff.sub')}>
      <div className={styles.scroll}>
        <ListTable
          rows={data.staff}
          columns={columns}
          rowKey={({ staffId }) => staffId}
          label={t('radar.staff.title')}
          card={({ name, opens, people }) => (
            <div className={styles.card}>
              <b>{name}</b>
              <span className="small quiet">{t('radar.staff.cardLine', { opens, people })}</span>
            </div>
          )}
        />
      </div>
    </Panel>
  )
}

function Channels({ data }: { data: MaterialRadar }) {
  const { t, i18n } = useTranslation()
  const language = languageOf(i18n)
  return (
    <Panel title={t('radar.channels.title')} sub={t('radar.channels.sub')}>
      <ul className={styles.bars}>
        {data.channels.map(({ channel, opens, people, secondsMean }) => (
          <li key={channel}>
            <span>{t(`radar.channel.${channel}`)}</span>
            <i style={{ width: `${(opens / Math.max(1, data.opens)) * 100}%` }} aria-hidden />
            <b>{sayRate(opens, data.opens)}</b>
            <small>
              {t('radar.channels.line', {
                opens: sayCount(opens, language),
                people: sayCount(people, language),
                seconds: saySeconds(secondsMean, language),
              })}
            </small>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
