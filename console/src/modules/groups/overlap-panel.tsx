import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { sayRate } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import styles from './groups.module.css'

/** Where else this group's people sit: what is sent to both groups they get twice. */
export function OverlapPanel({ groupChatId }: { groupChatId: string }) {
  const { t } = useTranslation()
  const found = api.useQuery('get', '/api/groups/{groupChatId}/overlaps', { params: { path: { groupChatId } } })
  return (
    <Panel title={t('groups.overlap.title')} sub={t('groups.overlap.sub')}>
      <Loaded query={found} what={t('groups.overlap.title')} skeleton={<SkeletonRows rows={4} avatar={false} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState small icon="people" title={t('groups.overlap.none')} />
          ) : (
            <ul className={styles.bars}>
              {items.map((other) => (
                <li key={other.groupChatId}>
                  <Link to={`/groups/${other.groupChatId}`}>{other.name || t('groups.unnamed')}</Link>
                  <i aria-hidden>
                    <b style={{ width: `${(other.both / Math.max(1, other.outsiders)) * 100}%` }} />
                  </i>
                  <span className="num">{t('groups.overlap.both', { n: other.both })}</span>
                  <small>
                    {t('groups.overlap.line', {
                      owner: other.owner,
                      members: other.outsiders,
                      share: sayRate(other.both, other.outsiders),
                    })}
                  </small>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  )
}
