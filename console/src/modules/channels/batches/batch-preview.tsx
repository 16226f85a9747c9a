import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { fetchClient } from '../../../api/client.ts'
import { Loaded } from '../../../ui/loaded.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, SkeletonRows } from '../../../ui/states.tsx'
import channels from '../channels.module.css'
import styles from '../form.module.css'
import type { Picking } from './batch-form-page.tsx'

const SHOWN = 200

/** Which codes would be made now, and who gets none and why. Asked of the server, which makes them by the same rule. */
export function BatchPreview({ picking }: { picking: Picking }) {
  const { t } = useTranslation()
  const body = { ...picking, activity: picking.activity.trim(), nameTemplate: picking.nameTemplate.trim() }
  const ready = body.activity !== '' && body.staffIds.length + body.departmentIds.length > 0
  const plan = useQuery({
    queryKey: ['batch-preview', body],
    enabled: ready,
    placeholderData: keepPreviousData,
    retry: false,
    async queryFn() {
      const { data, error } = await fetchClient.POST('/api/code-batches/preview', { body })
      if (error) throw error
      return data.people
    },
  })
  return (
    <Panel title={t('channels.batch.preview')} className={styles.side}>
      {!ready ? (
        <EmptyState small icon="people" title={t('channels.batch.previewNone')} />
      ) : (
        <Loaded query={plan} what={t('channels.batch.preview')} skeleton={<SkeletonRows rows={8} avatar={false} />}>
          {(people) => {
            const skipped = people.filter(({ skip }) => skip !== null)
            return (
              <div aria-live="polite">
                <p>
                  <b>{t('channels.batch.willMake', { n: people.length - skipped.length })}</b>
                  {skipped.length > 0 && (
                    <span className="soft">
                      {t('channels.batch.comma')}
                      {t('channels.batch.willSkip', { n: skipped.length })}
                    </span>
                  )}
                </p>
                <ul className={channels.planned}>
                  {people.slice(0, SHOWN).map(({ staffId, staffName, codeName, skip }) => (
                    <li key={staffId} className={skip ? 'quiet' : undefined}>
                      <span>{skip ? staffName : codeName}</span>
                      {skip && <small>{t(`channels.batch.skip.${skip}`)}</small>}
                    </li>
                  ))}
                </ul>
                {people.length > SHOWN && (
                  <p className="small quiet">{t('channels.batch.more', { n: people.length - SHOWN })}</p>
                )}
              </div>
            )
          }}
        </Loaded>
      )}
    </Panel>
  )
}
