import { App, Button, Drawer } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { Ago } from '../../ui/time.tsx'
import styles from './catalogue.module.css'
import type { Kind } from './catalogue-page.tsx'
import { sayKind, sayProperty } from './say-kind.ts'

interface Props {
  kind: Kind
  mayWrite: boolean
  onEdit: () => void
  onClose: () => void
}

/** One kind: what it carries and the last one as it came. */
export function KindDrawer({ kind, mayWrite, onEdit, onClose }: Props) {
  const { t, i18n } = useTranslation()
  return (
    <Drawer
      open
      onClose={onClose}
      size={420}
      title={sayKind(t, i18n, kind)}
      extra={kind.own && mayWrite && <Acts kind={kind} onEdit={onEdit} />}
    >
      <p className="mono quiet">{kind.kind}</p>
      <h3 className={styles.head}>{t('catalogue.properties')}</h3>
      {kind.properties.length === 0 ? (
        <p className="quiet">{t('catalogue.noProperties')}</p>
      ) : (
        <dl className={styles.properties}>
          {kind.properties.map(({ name, title, type, required }) => (
            <div key={name}>
              <dt>
                <span className="mono">{name}</span>
                {sayProperty(i18n, kind, { name, title }) !== name && <small className="quiet">{title}</small>}
              </dt>
              <dd>
                {t(`catalogue.types.${type}`)}
                {required && <small className="quiet"> {t('catalogue.required')}</small>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <h3 className={styles.head}>{t('catalogue.sample')}</h3>
      {kind.last ? <Sample last={kind.last} /> : <p className="quiet">{t('catalogue.noSample')}</p>}
    </Drawer>
  )
}

function Sample({ last }: { last: NonNullable<Kind['last']> }) {
  const { t } = useTranslation()
  return (
    <>
      <div className={styles.last}>
        <span className="small quiet">
          <Ago at={last.at} />
          {!last.trusted && ` · ${t('catalogue.untrusted')}`}
        </span>
        <Link to={`/contacts/${last.contactId}`}>{t('catalogue.openContact')}</Link>
      </div>
      <pre className={styles.sample}>{JSON.stringify(last.props, null, 2)}</pre>
    </>
  )
}

function Acts({ kind, onEdit }: { kind: Kind; onEdit: () => void }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const onError = useProblemToast()
  const onSuccess = () => void queryClient.invalidateQueries({ queryKey: ['get', '/api/events/catalogue'] })
  const archive = api.useMutation('delete', '/api/events/types/{kind}', { onError, onSuccess })
  const restore = api.useMutation('put', '/api/events/types/{kind}', { onError, onSuccess })
  const params = { path: { kind: kind.kind } }
  const ask = () =>
    void modal.confirm({
      title: t('catalogue.archiveTitle', { name: kind.title }),
      content: t('catalogue.archiveWhy'),
      okText: t('catalogue.archive'),
      okButtonProps: { danger: true },
      cancelText: t('catalogue.keep'),
      onOk: () => archive.mutate({ params }),
    })
  if (kind.archived)
    return (
      <Button
        size="small"
        loading={restore.isPending}
        onClick={() => restore.mutate({ params, body: { title: kind.title, properties: kind.properties } })}
      >
        {t('catalogue.restore')}
      </Button>
    )
  return (
    <span className={styles.acts}>
      <Button size="small" onClick={ask}>
        {t('catalogue.archive')}
      </Button>
      <Button size="small" onClick={onEdit}>
        {t('catalogue.edit')}
      </Button>
    </span>
  )
}
