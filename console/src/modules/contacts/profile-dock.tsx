import type { ComponentProps, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Dock, dockTool } from '../../ui/dock.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Profile } from './profile.tsx'

interface Props {
  contactId: string
  onClose: () => void
  onStep?: NonNullable<ComponentProps<typeof Dock>['onStep']>
  head?: ReactNode
  /** What the page of his own is asked with. */
  search?: string
}

/** Beside a list: who one of its rows is about. */
export function ProfileDock({ contactId, search = '', ...dock }: Props) {
  const { t } = useTranslation()
  return (
    <Dock
      {...dock}
      label={t('nav.contacts')}
      tools={
        <Link
          className={dockTool}
          to={{ pathname: `/contacts/${contactId}`, search }}
          aria-label={t('actions.expand')}
          title={t('actions.expand')}
        >
          <Icon name="expand" size={15} />
        </Link>
      }
    >
      <Profile key={contactId} contactId={contactId} />
    </Dock>
  )
}
