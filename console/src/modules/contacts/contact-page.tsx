import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SkeletonBlock } from '../../ui/states.tsx'
import styles from './contacts.module.css'
import { Follows } from './follows.tsx'
import { Journal } from './journal.tsx'
import { ProfileCard, useContact } from './profile.tsx'

/** One customer on a page of his own: who he is at the left, what happened at the right. */
export function ContactPage() {
  const { t } = useTranslation()
  const { contactId = '' } = useParams()
  const contact = useContact(contactId)
  return (
    <>
      <PageHeader crumbs={[{ label: t('contacts.title'), to: '/contacts' }]} title={contact.data?.name || '…'} />
      <Loaded
        query={contact}
        what={t('nav.contacts')}
        skeleton={
          <div style={{ padding: 20 }}>
            <SkeletonBlock height={300} />
          </div>
        }
      >
        {(data) => (
          <div className={styles.page}>
            <div style={{ display: 'grid', gap: 12 }}>
              <Panel edge>
                <ProfileCard contact={data} />
              </Panel>
              <Panel edge title={t('contacts.tabs.follows')} sub={data.follows.length}>
                <Follows follows={data.follows} />
              </Panel>
            </div>
            <Panel edge title={t('contacts.tabs.timeline')}>
              <Journal contactId={contactId} />
            </Panel>
          </div>
        )}
      </Loaded>
    </>
  )
}
