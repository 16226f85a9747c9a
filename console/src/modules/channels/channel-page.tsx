import { keepPreviousData } from '@tanstack/react-query'
import { App, Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { useNow } from '../../ui/clock.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SkeletonBlock } from '../../ui/states.tsx'
import { useCan } from '../staff/session.ts'
import { AfterScan } from './after-scan.tsx'
import styles from './channels.module.css'
import { CodeStatus } from './code-table.tsx'
import { StatsButton } from './downloads.tsx'
import { HeatMap } from './heat-map.tsx'
import { WhoReceives } from './next-scan.tsx'
import { daysOf, PERIODS, rangeOf, usePeriod } from './periods.ts'
import { Placements } from './placements.tsx'
import { QrCard } from './qr-card.tsx'
import { ByStaff, StatsView } from './stats-view.tsx'
import { TestScan } from './test-scan.tsx'
import { TrialPanel } from './trial-panel.tsx'
import { type Code, useCode } from './use-channels.ts'

/** What the code is at the left, how it does at the right. */
export function ChannelPage() {
  const { t } = useTranslation()
  const { channelCodeId = '' } = useParams()
  const now = useNow()
  const [period, setPeriod] = usePeriod()
  const code = useCode(channelCodeId)
  const range = rangeOf(period, now)
  const stats = api.useQuery(
    'get',
    '/api/channel-codes/{channelCodeId}/stats',
    { params: { path: { channelCodeId }, query: range } },
    { placeholderData: keepPreviousData },
  )
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('channels.title'), to: '/channels' }]}
        title={code.data?.name ?? '…'}
        meta={code.data && <CodeStatus code={code.data} />}
      >
        <Segmented
          value={period}
          options={PERIODS.map((name) => ({ value: name, label: t(`channels.period.${name}`) }))}
          onChange={setPeriod}
        />
        <StatsButton of={{ codes: channelCodeId, ...range }} />
        {code.data && <TestScan code={code.data} />}
        {code.data && <CodeActions code={code.data} />}
      </PageHeader>
      <Loaded
        query={code}
        what={t('channels.title')}
        skeleton={
          <div style={{ padding: 20 }}>
            <SkeletonBlock height={400} />
          </div>
        }
      >
        {(data) => (
          <div className={styles.page}>
            <div className={styles.column}>
              <QrCard code={data} />
              <AfterScan code={data} />
            </div>
            <div className={styles.column}>
              <Loaded
                query={stats}
                what={t('channels.daily')}
                skeleton={
                  <Panel>
                    <SkeletonBlock height={240} />
                  </Panel>
                }
              >
                {(figures) => <StatsView code={data} stats={figures} days={daysOf(period)} />}
              </Loaded>
              {data.welcomeVariants.length > 0 && <TrialPanel code={data} />}
              <WhoReceives code={data} />
              <Placements code={data} />
              {stats.data && <HeatMap stats={stats.data} />}
              {stats.data && <ByStaff stats={stats.data} />}
            </div>
          </div>
        )}
      </Loaded>
    </>
  )
}

function CodeActions({ code }: { code: Code }) {
  const { t } = useTranslation()
  const { modal, message } = App.useApp()
  const navigate = useNavigate()
  const onError = useProblemToast()
  const mayWrite = useCan('channels.write')
  const onSuccess = () => {
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/channel-codes'] })
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/channel-codes/{channelCodeId}'] })
    void message.success(t(code.archivedAt ? 'channels.restored' : 'channels.archived', { name: code.name }))
  }
  const archive = api.useMutation('post', '/api/channel-codes/{channelCodeId}/archive', { onSuccess, onError })
  const restore = api.useMutation('post', '/api/channel-codes/{channelCodeId}/restore', { onSuccess, onError })
  const given = { params: { path: { channelCodeId: code.channelCodeId } } }
  if (!mayWrite) return null
  if (code.archivedAt)
    return (
      <Button loading={restore.isPending} onClick={() => restore.mutate(given)}>
        {t('channels.restore')}
      </Button>
    )
  const ask = () =>
    void modal.confirm({
      title: t('channels.archiveTitle', { name: code.name }),
      content: t('channels.archiveWhy'),
      icon: null,
      okText: t('channels.archive'),
      cancelText: t('channels.keep'),
      onOk: () => archive.mutateAsync(given).catch(() => undefined), // the refusal is said by the toast
    })
  return (
    <>
      <Button icon={<Icon name="archive" size={14} />} onClick={ask}>
        {t('channels.archive')}
      </Button>
      <Button
        type="primary"
        icon={<Icon name="edit" size={14} />}
        onClick={() => void navigate(`/channels/${code.channelCodeId}/edit`)}
      >
        {t('channels.edit')}
      </Button>
    </>
  )
}
