import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { PageHeader } from './page-header.tsx'
import { EmptyState } from './states.tsx'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <>
      <PageHeader title={t('states.notFoundTitle')} />
      <EmptyState
        icon="search"
        title={t('states.notFoundTitle')}
        why={t('states.notFoundWhy')}
        action={
          <Link to="/">
            <Button type="primary">{t('states.goHome')}</Button>
          </Link>
        }
      />
    </>
  )
}
