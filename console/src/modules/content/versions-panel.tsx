import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { Moment } from '../../ui/time.tsx'
import styles from './content.module.css'
import { type MaterialView, refreshMaterials, type Version } from './use-content.ts'

/** What was written before, the newest first; an old one can be looked at and taken back. */
export function VersionsPanel({
  material,
  mayWrite,
  onLook,
}: {
  material: MaterialView
  mayWrite: boolean
  onLook: (version: Version) => void
}) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const onError = useProblemToast()
  const takeBack = api.useMutation('post', '/api/materials/{materialId}/versions/{version}/take-back', {
    onError,
    onSuccess() {
      refreshMaterials()
      void message.success(t('content.version.takenBack'))
    },
  })
  const ask = (version: number) =>
    modal.confirm({
      title: t('content.version.takeBackTitle', { n: version }),
      content: t('content.version.takeBackWhy'),
      okText: t('content.version.takeBack'),
      onOk: () =>
        takeBack.mutateAsync({ params: { path: { materialId: material.materialId, version } } }).catch(() => undefined),
    })
  return (
    <Panel title={t('content.version.title')} sub={t('content.version.count', { n: material.newestVersion })} edge>
      <ol className={styles.versions}>
        {material.versions.map((version) => (
          <li key={version.version}>
            <div className={styles.versionTop}>
              <b>{t('content.version.nr', { n: version.version })}</b>
              <span className={`${styles.state} ${styles[version.state] ?? ''}`}>
                {t(`content.version.state.${version.state}`)}
              </span>
              <span className="spring" />
              <button type="button" className="textlink small" onClick={() => onLook(version)}>
                {t('content.version.look')}
              </button>
              {mayWrite && version.state === 'replaced' && (
                <button type="button" className="textlink small" onClick={() => ask(version.version)}>
                  {t('content.version.takeBack')}
                </button>
              )}
            </div>
            <p className="quiet small">
              {version.author} · <Moment at={version.madeAt} />
              {version.decidedBy &&
                version.decidedBy !== version.author &&
                ` · ${t('content.version.by', { name: version.decidedBy })}`}
            </p>
            {version.reason && (
              <p className={styles.reason}>{t('content.version.reason', { reason: version.reason })}</p>
            )}
            {version.mayDecide && <Decide materialId={material.materialId} version={version.version} />}
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function Decide({ materialId, version }: { materialId: string; version: number }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const [reason, setReason] = useState('')
  const decide = api.useMutation('post', '/api/materials/{materialId}/decision', {
    onError,
    onSuccess(_, { body }) {
      refreshMaterials()
      void message.success(t(body.approve ? 'content.approval.approved' : 'content.approval.refused'))
    },
  })
  const go = (approve: boolean) =>
    decide.mutate({
      params: { path: { materialId } },
      body: { version, approve, reason: approve ? '' : reason.trim() },
    })
  return (
    <div className={styles.decide}>
      <Input
        size="small"
        maxLength={200}
        placeholder={t('content.approval.reason')}
        aria-label={t('content.approval.reason')}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button size="small" disabled={reason.trim() === ''} loading={decide.isPending} onClick={() => go(false)}>
        {t('content.approval.refuse')}
      </Button>
      <Button size="small" type="primary" loading={decide.isPending} onClick={() => go(true)}>
        {t('content.approval.approve')}
      </Button>
    </div>
  )
}
