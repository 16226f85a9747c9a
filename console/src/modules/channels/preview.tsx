import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Avatar } from '../../ui/avatar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useSession } from '../staff/session.ts'
import { type DraftAttachment, VARIABLES, type Variable, type WelcomeDraft } from './draft.ts'
import styles from './form.module.css'

/** The customer's WeChat with this welcome in it, always as it now is. WeChat keeps its own light. */
export function WelcomePreview({ welcome, staffName }: { welcome: WelcomeDraft; staffName: string }) {
  const { t } = useTranslation()
  const { corp } = useSession()
  const values: Record<Variable, string> = {
    客户昵称: t('channels.form.previewNick'),
    成员姓名: staffName,
    企业名称: corp.name,
  }
  const nothing = welcome.text.trim() === '' && welcome.attachments.length === 0
  return (
    <Panel title={t('channels.form.preview')} className={styles.side}>
      <div className={styles.phone} aria-live="off">
        <div className={styles.phoneBar}>
          <Icon name="left" size={18} />
          <span>
            {staffName}
            <small>@{corp.name}</small>
          </span>
        </div>
        <div className={styles.chat}>
          <div className={styles.system}>{t('channels.form.friend')}</div>
          {nothing && <div className={styles.system}>{t('channels.form.previewEmpty')}</div>}
          {welcome.text.trim() !== '' && (
            <Turn name={staffName}>
              <div className={styles.says}>
                <Filled text={welcome.text} values={values} />
              </div>
            </Turn>
          )}
          {welcome.attachments.map((attachment) => (
            <Turn key={attachment.key} name={staffName}>
              <Sent attachment={attachment} />
            </Turn>
          ))}
        </div>
      </div>
    </Panel>
  )
}

function Turn({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.turn}>
      <Avatar name={name} size={36} square />
      {children}
    </div>
  )
}

/** The text with its slots filled, the filled words marked so that the writer sees where they come from. */
function Filled({ text, values }: { text: string; values: Record<Variable, string> }) {
  const parts = text.split(/(\{[^{}]*\})/)
  return parts.map((part, index) => {
    const name = VARIABLES.find((variable) => part === `{${variable}}`)
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one string have no other identity
    return name ? <mark key={index}>{values[name]}</mark> : part
  })
}

function Sent({ attachment }: { attachment: DraftAttachment }) {
  const { t } = useTranslation()
  if (attachment.type === 'image')
    return attachment.url ? (
      <img className={styles.shot} src={attachment.url} alt="" />
    ) : (
      <span className={styles.noShot}>
        <Icon name="image" size={24} />
      </span>
    )
  if (attachment.type === 'link') {
    return (
      <div className={styles.linkCard}>
        <b>{attachment.title || t('channels.form.linkTitle')}</b>
        <span>{attachment.desc || attachment.url}</span>
        {attachment.picurl ? (
          <img className={styles.thumb} src={attachment.picurl} alt="" />
        ) : (
          <span className={styles.thumb}>
            <Icon name="link" size={20} />
          </span>
        )}
      </div>
    )
  }
  return (
    <div className={styles.mini}>
      <span>{attachment.title || t('channels.form.miniTitle')}</span>
      {attachment.url ? (
        <img src={attachment.url} alt="" />
      ) : (
        <span className={styles.noShot}>
          <Icon name="image" size={24} />
        </span>
      )}
      <small>
        <Icon name="mini" size={12} />
        {t('channels.form.miniProgram')}
      </small>
    </div>
  )
}
