import { Button, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/panel.tsx'
import { NotSaved, SkeletonBlock } from '../../ui/states.tsx'
import styles from './touches.module.css'

const KINDS = ['member', 'subscribe', 'advisor'] as const
type Kind = (typeof KINDS)[number]

/** The words people agree to, each wording kept with how many agreed by it. */
export function TextsPanel({ mayWrite }: { mayWrite: boolean }) {
  const { t } = useTranslation()
  const texts = api.useQuery('get', '/api/agreement-texts', {})
  const [writing, setWriting] = useState(false)
  return (
    <Panel
      title={t('touches.texts')}
      sub={t('touches.textsWhy')}
      extra={
        mayWrite && (
          <Button size="small" onClick={() => setWriting(true)}>
            {t('touches.newText')}
          </Button>
        )
      }
    >
      <Loaded query={texts} what={t('touches.texts')} skeleton={<SkeletonBlock height={80} />}>
        {(all) =>
          all.length === 0 ? (
            <p className="quiet">{t('touches.noTexts')}</p>
          ) : (
            <ul className={styles.texts}>
              {all.map((text) => (
                <li key={`${text.kind} ${text.version}`}>
                  <header>
                    <b>{t(`touches.kind.${text.kind}`)}</b>
                    <small className="quiet">
                      {t('touches.textMeta', { version: text.version, n: text.people, who: text.writtenBy })}
                    </small>
                  </header>
                  <p>{text.body}</p>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {writing && <TextDialog onClose={() => setWriting(false)} />}
    </Panel>
  )
}

function TextDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [kind, setKind] = useState<Kind>('subscribe')
  const [body, setBody] = useState('')
  const write = api.useMutation('post', '/api/agreement-texts', {
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/agreement-texts'] })
      onClose()
    },
  })
  return (
    <Modal
      open
      title={t('touches.newText')}
      okText={t('touches.save')}
      cancelText={t('actions.cancel')}
      okButtonProps={{ disabled: body.trim() === '', loading: write.isPending }}
      onOk={() => write.mutate({ body: { kind, body } })}
      onCancel={onClose}
    >
      <div className={styles.dialog}>
        <Select
          aria-label={t('touches.agreement')}
          value={kind}
          options={KINDS.map((one) => ({ value: one, label: t(`touches.kind.${one}`) }))}
          onChange={setKind}
        />
        <Input.TextArea
          aria-label={t('touches.texts')}
          autoSize={{ minRows: 5, maxRows: 14 }}
          maxLength={2000}
          showCount
          placeholder={t('touches.textExample')}
          value={body}
          onChange={(event) => setBody(event.target.value)}
        />
        {write.error ? <NotSaved error={write.error} /> : null}
      </div>
    </Modal>
  )
}
