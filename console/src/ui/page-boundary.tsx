import { Button } from 'antd'
import { Component, type ErrorInfo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from './states.tsx'

/** A page that throws, or whose code cannot be fetched after a new release, leaves the navigation standing. */
export class PageBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(error, info.componentStack)
  }

  override render() {
    return this.state.failed ? <BrokenPage /> : this.props.children
  }
}

function BrokenPage() {
  const { t } = useTranslation()
  return (
    <div role="alert">
      <EmptyState
        icon="alert"
        title={t('states.brokenTitle')}
        why={t('states.brokenWhy')}
        action={
          <Button type="primary" onClick={() => window.location.reload()}>
            {t('states.reload')}
          </Button>
        }
      />
    </div>
  )
}
