import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Templates } from '../segments/templates.tsx'
import { useVocabulary } from '../segments/use-names.ts'
import { useCan } from '../staff/session.ts'
import { AutoTagGroupPanel } from './auto-tag-group.tsx'
import styles from './auto-tags.module.css'
import { useAutoTags } from './use-auto-tags.ts'

/** Rules that put tags on and take them off, by tag group: what each asks, who carries the tag by it, what the week brought. */
export function AutoTagsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const words = useVocabulary()
  const list = useAutoTags()
  const mayWrite = useMayAutoTag()
  const create = mayWrite && (
    <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => void navigate('/auto-tags/new')}>
      {t('autoTags.create')}
    </Button>
  )
  const rules = list.data?.groups.flatMap((group) => group.rules)
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('tags.title'), to: '/tags' }]}
        title={t('autoTags.title')}
        meta={rules && t('autoTags.meta', { n: rules.length, on: rules.filter((rule) => rule.on).length })}
      >
        {create}
      </PageHeader>
      <div className={styles.page}>
        <Loaded query={list} what={t('autoTags.title')} skeleton={<SkeletonRows rows={6} avatar={false} />}>
          {({ groups }) =>
            groups.length === 0 ? (
              <>
                <EmptyState
                  icon="tag"
                  title={t('autoTags.emptyTitle')}
                  why={t('autoTags.emptyWhy')}
                  action={create || undefined}
                />
                {mayWrite && (
                  <Templates inside onPick={(template) => void navigate(`/auto-tags/new?from=${template}`)} />
                )}
              </>
            ) : (
              <div className={styles.groups}>
                {groups.map((group) => (
                  <AutoTagGroupPanel key={group.tagGroupId} group={group} words={words} mayWrite={mayWrite} />
                ))}
              </div>
            )
          }
        </Loaded>
      </div>
    </>
  )
}

/** Rules of tags need both. */
export function useMayAutoTag(): boolean {
  const [rules, tags] = [useCan('segments.write'), useCan('tags.write')]
  return rules && tags
}
