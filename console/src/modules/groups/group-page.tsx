import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SkeletonBlock } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { ExportButton } from '../contacts/export-button.tsx'
import { useCan } from '../staff/session.ts'
import { Turns } from './group-words.tsx'
import styles from './groups.module.css'
import { MembersPanel } from './members-panel.tsx'
import { OverlapPanel } from './overlap-panel.tsx'
import { ScorePanel } from './score-panel.tsx'
import { TrendChart } from './trend-chart.tsx'
import { daysOf, type GroupView, SPANS, useGroup } from './use-groups.ts'
import { ValuePanel } from './value-panel.tsx'

/** One group: how it does, who sits in it, who of them matters, and where else they sit. */
export function GroupPage() {
  const { t } = useTranslation()
  const { groupChatId = '' } = useParams()
  const [params, setParams] = useSearchParams()
  const days = daysOf(params)
  const group = useGroup(groupChatId, days)
  const mayExport = useCan('contacts.export')
  const span = (next: number) => {
    const to = new URLSearchParams(params)
    next === 30 ? to.delete('days') : to.set('days', String(next))
    setParams(to, { replace: true })
  }
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('groups.title'), to: '/groups' }]}
        title={group.data ? group.data.name || t('groups.unnamed') : '…'}
        meta={group.data?.goneAt ? t('groups.gone') : undefined}
      >
        <Segmented
          aria-label={t('groups.span')}
          value={days}
          options={SPANS.map((n) => ({ value: n, label: t('groups.days', { n }) }))}
          onChange={span}
        />
        {mayExport && <ExportButton query={{ state: 'all', groupsAny: groupChatId }} />}
      </PageHeader>
      <div className={styles.page}>
        <Loaded query={group} what={t('groups.title')} skeleton={<SkeletonBlock height={420} />}>
          {(data) => (
            <div className={styles.column}>
              <Figures group={data} />
              <div className={styles.two}>
                <TrendChart title={t('groups.trend')} days={data.days} />
                <ScorePanel group={data} />
              </div>
              <div className={styles.two}>
                <ValuePanel groupChatId={data.groupChatId} />
                <OverlapPanel groupChatId={data.groupChatId} />
              </div>
              <MembersPanel group={data} />
            </div>
          )}
        </Loaded>
      </div>
    </>
  )
}

function Figures({ group }: { group: GroupView }) {
  const { t } = useTranslation()
  const admins = group.admins.map(({ name }) => name).join('、')
  return (
    <Panel>
      <dl className={styles.figures}>
        <div>
          <dt>{t('groups.owner')}</dt>
          <dd className={styles.n}>{group.owner.name}</dd>
          <dd className="small quiet">
            {group.orphaned || group.owner.left
              ? t('groups.orphaned')
              : admins
                ? t('groups.admins', { names: admins })
                : t('groups.noAdmins')}
          </dd>
        </div>
        <div>
          <dt>{t('groups.column.members')}</dt>
          <dd className={styles.n}>{group.members}</dd>
          <dd className="small quiet">
            {t('groups.ofThem', { customers: group.customers, strangers: group.outsiders - group.customers })}
          </dd>
        </div>
        <div>
          <dt>{t('groups.column.week')}</dt>
          <dd className={styles.n}>
            <Turns joined={group.joined7} left={group.left7} />
          </dd>
          <dd className="small quiet">{t('groups.joinedLeft')}</dd>
        </div>
        <div>
          <dt>{t('groups.column.month')}</dt>
          <dd className={styles.n}>
            <Turns joined={group.joined30} left={group.left30} />
          </dd>
          <dd className="small quiet">{t('groups.joinedLeft')}</dd>
        </div>
        <div>
          <dt>{t('groups.column.created')}</dt>
          <dd className={styles.n}>
            <Ago at={group.createdAt} />
          </dd>
          <dd className="small quiet">
            {group.goneAt ? (
              <>
                {t(`groups.goneBy.${group.goneBy ?? 'dismissed'}`)} <Ago at={group.goneAt} />
              </>
            ) : (
              <>
                {t('groups.readAt')} <Ago at={group.askedAt} />
              </>
            )}
          </dd>
        </div>
      </dl>
      {group.notice && (
        <p className={styles.notice}>
          <b>{t('groups.notice')}</b>
          {group.notice}
        </p>
      )}
    </Panel>
  )
}
