import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { useNow } from '../../ui/clock.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SkeletonRows } from '../../ui/states.tsx'
import { sayClock } from '../../ui/time-words.ts'

const HOUR_MS = 3_600_000

/** A staff member's own switch: on duty or off, for an hour or until he says so. */
export function DutyPanel() {
  const { t } = useTranslation()
  const now = useNow()
  const onError = useProblemToast()
  const duty = api.useQuery('get', '/api/duty', {})
  const set = api.useMutation('put', '/api/duty', {
    onError,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/duty'] }),
  })
  const off = (until: string | null) => set.mutate({ body: { onDuty: false, until } })
  return (
    <Panel title={t('channels.roster.duty')}>
      <Loaded query={duty} what={t('channels.roster.duty')} skeleton={<SkeletonRows rows={1} avatar={false} />}>
        {({ onDuty, until, codes }) => (
          <>
            <p>
              {onDuty
                ? t(codes === 0 ? 'channels.roster.dutyNone' : 'channels.roster.dutyOn', { count: codes })
                : until
                  ? t('channels.roster.dutyOffUntil', { until: sayClock(new Date(until)) })
                  : t('channels.roster.dutyOff')}
            </p>
            <p className="small quiet">{t('channels.roster.dutyWhy')}</p>
            <div style={{ display: 'flex', gap: 8, paddingTop: 8 }}>
              {onDuty ? (
                <>
                  <Button loading={set.isPending} onClick={() => off(null)}>
                    {t('channels.roster.goOff')}
                  </Button>
                  <Button disabled={set.isPending} onClick={() => off(new Date(now.getTime() + HOUR_MS).toISOString())}>
                    {t('channels.roster.offHour')}
                  </Button>
                </>
              ) : (
                <Button type="primary" loading={set.isPending} onClick={() => set.mutate({ body: { onDuty: true } })}>
                  {t('channels.roster.goOn')}
                </Button>
              )}
            </div>
          </>
        )}
      </Loaded>
    </Panel>
  )
}
