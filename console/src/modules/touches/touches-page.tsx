import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { PageHeader } from '../../ui/page-header.tsx'
import { useCan } from '../staff/session.ts'
import { MonthView } from './month-view.tsx'
import { RefusalList } from './refusal-list.tsx'

const VIEWS = ['calendar', 'refusals'] as const

/** What is planned for customers and what became of it, day by day; and who is left alone. */
export function TouchesPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams()
  const view = VIEWS.find((one) => one === params.get('view')) ?? 'calendar'
  const mayGovern = useCan('touches.govern')
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.reach') }]} title={t(`touches.views.${view}`)}>
        <Segmented
          aria-label={t('touches.view')}
          value={view}
          options={VIEWS.map((one) => ({ value: one, label: t(`touches.views.${one}`) }))}
          onChange={(next) => setParams(next === 'calendar' ? {} : { view: next })}
        />
        <Button onClick={() => void navigate('/settings/touches')}>
          {t(mayGovern ? 'touches.editPolicy' : 'touches.seePolicy')}
        </Button>
      </PageHeader>
      {view === 'calendar' ? <MonthView /> : <RefusalList />}
    </>
  )
}
