import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { Panel } from '../../ui/panel.tsx'
import { TagChip } from '../../ui/tag-chip.tsx'
import { Moment } from '../../ui/time.tsx'
import { useCan } from '../staff/session.ts'
import styles from './channels.module.css'
import type { Code } from './use-channels.ts'

/** What happens to whoever scans, in the order it happens. */
export function AfterScan({ code }: { code: Code }) {
  const { t } = useTranslation()
  const first = code.staff[0]
  return (
    <Panel title={t('channels.after')}>
      <dl className={styles.after}>
        <dt>{t('channels.verify')}</dt>
        <dd>{t(code.skipVerify ? 'channels.verifyAuto' : 'channels.verifyHand')}</dd>
        <dt>{t('channels.assign')}</dt>
        <dd>
          {code.staff.length === 1
            ? first?.name
            : t(code.roster ? 'channels.assignRoster' : 'channels.assignMany', { count: code.staff.length })}
          {code.staff.length > 1 && (
            <div className={`small quiet ${styles.names}`} title={code.staff.map(({ name }) => name).join('、')}>
              {code.staff.map(({ name }) => name).join('、')}
            </div>
          )}
        </dd>
        <dt>{t('channels.tags')}</dt>
        <dd className={styles.chips}>
          {code.tags.length === 0 ? (
            <span className="quiet">{t('channels.noTags')}</span>
          ) : (
            code.tags.map(({ tagId, name }) => <TagChip key={tagId} name={name} source="rule" />)
          )}
        </dd>
        <dt>{t('channels.remark')}</dt>
        <dd>{code.remark || <span className="quiet">{t('channels.noRemark')}</span>}</dd>
        <div className={styles.wide} />
        <dt>{t('channels.welcome')}</dt>
        <dd>
          {code.welcomeVariants.length > 0 && t('channels.trial.after', { count: code.welcomeVariants.length })}
          {code.welcome === null && code.welcomeVariants.length === 0 && (
            <span className="quiet">{t('channels.welcomeDefault')}</span>
          )}
        </dd>
        <dd style={{ gridColumn: '1 / -1' }}>
          <WelcomeWords welcome={code.welcomeVariants[0]?.welcome ?? code.welcome} />
        </dd>
        <div className={styles.wide} />
        <dt>{t('channels.created')}</dt>
        <dd className="small">
          {code.createdByName && `${code.createdByName}，`}
          <Moment at={code.createdAt} />
        </dd>
        <dt>{t('channels.changed')}</dt>
        <dd className="small">
          <Moment at={code.updatedAt} />
        </dd>
      </dl>
    </Panel>
  )
}

function WelcomeWords({ welcome }: { welcome: Code['welcome'] }) {
  const { t } = useTranslation()
  const mayWrite = useCan('channels.write')
  const settings = api.useQuery('get', '/api/welcome', {}, { enabled: welcome === null })
  const shown = welcome ?? settings.data?.welcome
  if (welcome === null && settings.data && !settings.data.welcome) {
    return (
      <span className="warn small">
        {t('channels.welcomeDefaultNone')} {mayWrite && <Link to="/channels/welcome">{t('channels.editDefault')}</Link>}
      </span>
    )
  }
  if (!shown) return null
  return (
    <>
      {shown.text && <div className={styles.bubble}>{shown.text}</div>}
      {shown.attachments.length > 0 && (
        <div className="small quiet" style={{ marginTop: 4 }}>
          {t('channels.attachments', { count: shown.attachments.length })}
        </div>
      )}
    </>
  )
}
