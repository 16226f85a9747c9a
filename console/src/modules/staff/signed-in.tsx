import { lazy, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useLocation } from 'react-router'
import { toProblem } from '../../api/problem.ts'
import { ErrorPanel } from '../../ui/states.tsx'
import { useSessionQuery } from './session.ts'
import { StepUpDialog } from './step-up-dialog.tsx'

const NO_CORP_YET = 'staff.no_corp_yet'
const EnrolPage = lazy(async () => ({ default: (await import('./enrol-page.tsx')).EnrolPage }))
const FirstCorpPage = lazy(async () => ({ default: (await import('../corps/connect-page.tsx')).FirstCorpPage }))

/**
 * Lets in whoever is signed in; sends everybody else to the sign-in page and remembers where they wanted to go. The
 * administrator of an installation without a corp can do one thing: connect it.
 */
export function SignedIn({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const { pathname, search } = useLocation()
  const session = useSessionQuery()
  const refused = session.error ? toProblem(session.error) : undefined
  if (refused?.code === NO_CORP_YET) return <FirstCorpPage />
  if (refused && refused.code !== 'network') return <Navigate to="/sign-in" replace state={{ to: pathname + search }} />
  if (session.data?.factorMissing)
    return (
      <>
        <EnrolPage />
        <StepUpDialog />
      </>
    )
  if (session.data)
    return (
      <>
        {children}
        <StepUpDialog />
      </>
    )
  if (refused)
    return (
      <div style={{ maxWidth: 560, margin: '20vh auto', padding: 20 }}>
        <ErrorPanel error={session.error} what={t('account.menu')} retry={() => void session.refetch()} />
      </div>
    )
  return null
}
