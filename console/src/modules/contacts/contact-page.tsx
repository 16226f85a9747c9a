import { Button } from 'antd'
import { useEffect, useEffectEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SkeletonBlock } from '../../ui/states.tsx'
import styles from './contacts.module.css'
import { changeFilters, readFilters, toQuery } from './filters.ts'
import { Follows } from './follows.tsx'
import { Journal } from './journal.tsx'
import { ProfileCard, useContact } from './profile.tsx'
import { useNeighbours } from './use-neighbours.ts'

/** One customer on a page of his own: who he is at the left, what happened at the right. */
export function ContactPage() {
  const { t } = useTranslation()
  const { contactId = '' } = useParams()
  const [params] = useSearchParams()
  const contact = useContact(contactId)
  const search = changeFilters(params, {}).toString()
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('contacts.title'), to: search ? `/contacts?${search}` : '/contacts' }]}
        title={contact.data?.name || '…'}
      >
        <Steps contactId={contactId} search={search} />
      </PageHeader>
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

const TYPING =
  'input, textarea, select, button, a, [contenteditable], [role=listbox], [role=dialog], .ant-popover, .ant-modal'

/** To the one before and after in the list he was opened from; ↑↓ do the same. */
function Steps({ contactId, search }: { contactId: string; search: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { previousId, nextId } = useNeighbours(contactId, toQuery(readFilters(new URLSearchParams(search))))
  const go = (id: string | undefined) => id && void navigate({ pathname: `/contacts/${id}`, search }, { replace: true })
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target instanceof Element && event.target.closest(TYPING)) return
    const id = event.key === 'ArrowUp' ? previousId : event.key === 'ArrowDown' ? nextId : undefined
    if (!id) return
    event.preventDefault()
    go(id)
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  return (
    <>
      <Button
        icon={<Icon name="up" size={14} />}
        aria-label={t('list.stepUp')}
        title={t('list.stepUp')}
        disabled={!previousId}
        onClick={() => go(previousId)}
      />
      <Button
        icon={<Icon name="down" size={14} />}
        aria-label={t('list.stepDown')}
        title={t('list.stepDown')}
        disabled={!nextId}
        onClick={() => go(nextId)}
      />
    </>
  )
}
