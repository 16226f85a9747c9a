import { Button, Drawer, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { Icon } from '../../../ui/icon.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { sayCount } from '../../../ui/number-words.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, SkeletonRows } from '../../../ui/states.tsx'
import { Ago } from '../../../ui/time.tsx'
import { languageOf } from '../../../ui/time-words.ts'
import { EffectPanel } from './effect-panel.tsx'
import { NoticeSettings } from './notice-settings.tsx'
import styles from './radar.module.css'
import { saySeconds } from './say-seconds.ts'
import { type Summary, useRadarList } from './use-radar.ts'

const DRAWER_WIDTH = 420

/** What customers read of what was sent, and what came of it. */
export function RadarPage() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const [isSetting, setSetting] = useState(false)
  const tab = params.get('tab') === 'effect' ? 'effect' : 'read'
  return (
    <>
      <PageHeader crumbs={[{ label: t('radar.crumb') }]} title={t('radar.title')} meta={t('radar.sub')}>
        <Segmented
          aria-label={t('radar.title')}
          value={tab}
          options={[
            { value: 'read', label: t('radar.tab.read') },
            { value: 'effect', label: t('radar.tab.effect') },
          ]}
          onChange={(next) => setParams(next === 'read' ? {} : { tab: next }, { replace: true })}
        />
        <Button icon={<Icon name="settings" size={14} />} onClick={() => setSetting(true)}>
          {t('radar.settings')}
        </Button>
      </PageHeader>
      <div className={styles.page}>{tab === 'read' ? <Materials /> : <EffectPanel />}</div>
      <Drawer
        title={t('radar.notice.title')}
        open={isSetting}
        onClose={() => setSetting(false)}
        size={DRAWER_WIDTH}
        destroyOnHidden
      >
        <NoticeSettings />
      </Drawer>
    </>
  )
}

function Materials() {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const list = useRadarList()
  const language = languageOf(i18n)
  const columns: Column<Summary>[] = [
    { key: 'title', title: t('radar.column.title'), cell: (row) => <Title row={row} /> },
    {
      key: 'opens',
      title: t('radar.column.opens'),
      align: 'right',
      width: 88,
      cell: ({ opens }) => sayCount(opens, language),
    },
    {
      key: 'people',
      title: t('radar.column.people'),
      align: 'right',
      width: 88,
      cell: ({ people }) => sayCount(people, language),
    },
    {
      key: 'seconds',
      title: t('radar.column.seconds'),
      align: 'right',
      width: 120,
      cell: ({ secondsMean }) => saySeconds(secondsMean, language),
    },
    {
      key: 'depth',
      title: t('radar.column.depth'),
      align: 'right',
      width: 100,
      cell: ({ depthMean }) => (depthMean === null ? '—' : `${depthMean}%`),
    },
    {
      key: 'forwards',
      title: t('radar.column.forwards'),
      align: 'right',
      width: 100,
      cell: ({ forwards }) => sayCount(forwards, language),
    },
    {
      key: 'last',
      title: t('radar.column.last'),
      width: 120,
      cell: ({ lastAt }) => (lastAt ? <Ago at={lastAt} /> : '—'),
    },
  ]
  return (
    <Loaded query={list} what={t('radar.title')} skeleton={<SkeletonRows rows={6} avatar={false} />}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState icon="eye" title={t('radar.emptyTitle')} why={t('radar.emptyWhy')} />
        ) : (
          <Panel edge>
            <ListTable
              rows={items}
              columns={columns}
              rowKey={({ materialId }) => materialId}
              label={t('radar.title')}
              minWidth={820}
              onOpen={({ materialId }) => void navigate(`/content/radar/${materialId}`)}
              card={(row) => (
                <div className={styles.card}>
                  <Title row={row} />
                  <span className="small quiet">
                    {t('radar.cardLine', {
                      people: sayCount(row.people, language),
                      opens: sayCount(row.opens, language),
                      seconds: saySeconds(row.secondsMean, language),
                    })}
                  </span>
                </div>
              )}
            />
          </Panel>
        )
      }
    </Loaded>
  )
}

function Title({ row }: { row: Summary }) {
  const { t } = useTranslation()
  return (
    <span className={styles.title}>
      <b>{row.title}</b>
      <small>{t(`radar.kind.${row.kind}` as 'radar.kind.article')}</small>
    </span>
  )
}
