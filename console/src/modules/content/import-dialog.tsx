import { Input, Modal, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { NotSaved } from '../../ui/states.tsx'
import styles from './content.module.css'

/** Reads a web page into a draft: as an article of our own, or as a card that leads to it. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [url, setUrl] = useState('')
  const [as, setAs] = useState<'article' | 'link'>('article')
  const read = api.useMutation('post', '/api/material-imports', {
    onSuccess: (said) => void navigate(`/content/materials/new?kind=${said.kind}`, { state: { said } }),
  })
  const ready = /^https?:\/\/.+/.test(url)
  const go = () => read.mutate({ body: { url, as } })
  return (
    <Modal
      open
      title={t('content.import.title')}
      okText={t('content.import.go')}
      onCancel={onClose}
      onOk={go}
      okButtonProps={{ disabled: !ready, loading: read.isPending }}
    >
      <div className={styles.fields}>
        <Input
          autoFocus
          placeholder="https://"
          aria-label={t('content.field.url')}
          maxLength={2048}
          value={url}
          onChange={(event) => setUrl(event.target.value.trim())}
          onPressEnter={() => ready && go()}
        />
        <Segmented
          value={as}
          options={(['article', 'link'] as const).map((value) => ({ value, label: t(`content.import.as.${value}`) }))}
          onChange={setAs}
        />
        <p className="quiet small">{t(`content.import.why.${as}`)}</p>
        {read.error && <NotSaved error={read.error} title={t('content.import.failed')} />}
      </div>
    </Modal>
  )
}
