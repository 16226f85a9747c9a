import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Avatar } from '../../ui/avatar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { sayYuan } from '../../ui/number-words.ts'
import chat from '../channels/form.module.css'
import { useSession } from '../staff/session.ts'
import styles from './content.module.css'
import { PosterView } from './poster-view.tsx'
import { type Block, fileUrl, type Said, SLOTS } from './use-content.ts'

/** A customer's chat with what is sent in it. Our own drawing; it keeps WeChat's light on both themes. */
export function Phone({ children }: { children: ReactNode }) {
  const { name, corp } = useSession()
  return (
    <div className={chat.phone}>
      <div className={chat.phoneBar}>
        <Icon name="left" size={18} />
        <span>
          {name}
          <small>@{corp.name}</small>
        </span>
      </div>
      <div className={chat.chat}>{children}</div>
    </div>
  )
}

export function Turn({ children }: { children: ReactNode }) {
  const { name } = useSession()
  return (
    <div className={chat.turn}>
      <Avatar name={name} size={36} square />
      {children}
    </div>
  )
}

/** A text with its slots filled, the filled words marked. */
export function Bubble({ text }: { text: string }) {
  const { t } = useTranslation()
  const { name, corp } = useSession()
  const values: Record<(typeof SLOTS)[number], string> = {
    客户称呼: t('content.preview.called'),
    客户昵称: t('content.preview.nick'),
    成员姓名: name,
    部门: t('content.preview.department'),
    企业简称: corp.name,
    企业名称: corp.name,
  }
  return (
    <div className={chat.says}>
      {text.split(/(\{[^{}]*\})/).map((part, index) => {
        const slot = SLOTS.find((one) => part === `{${one}}`)
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one string have no other identity
        return slot ? <mark key={index}>{values[slot]}</mark> : part
      })}
    </div>
  )
}

/** A version as it will look in the chat; pages that open from it are shown below. */
export function SaidPreview({ said, fileName }: { said: Said; fileName: string | undefined }) {
  const { t } = useTranslation()
  return (
    <>
      <Phone>
        <Turn>
          <Sent said={said} fileName={fileName} />
        </Turn>
      </Phone>
      {said.kind === 'article' && (
        <section className={styles.paper} aria-label={t('content.preview.page')}>
          <h3>{said.title || t('content.field.title')}</h3>
          {said.content.author && <p className="quiet small">{said.content.author}</p>}
          {said.content.blocks.map((block, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: blocks are told apart by their place alone
            <BlockView key={index} block={block} />
          ))}
        </section>
      )}
    </>
  )
}

function Sent({ said, fileName }: { said: Said; fileName: string | undefined }) {
  const { t } = useTranslation()
  const title = said.title || t('content.field.title')
  const none = (
    <span className={chat.noShot}>
      <Icon name="image" size={24} />
    </span>
  )
  switch (said.kind) {
    case 'text':
      return <Bubble text={said.content.text || t('content.preview.nothing')} />
    case 'image':
      return said.content.fileId ? <img className={chat.shot} src={fileUrl(said.content.fileId)} alt="" /> : none
    case 'video':
      return said.content.fileId ? (
        // biome-ignore lint/a11y/useMediaCaption: what the corp uploaded has no captions
        <video
          className={chat.shot}
          src={fileUrl(said.content.fileId)}
          controls
          preload="metadata"
          aria-label={title}
        />
      ) : (
        none
      )
    case 'file':
      return <FileCard name={fileName ?? title} />
    case 'poster':
      return <PosterView poster={said.content} width={180} />
    case 'mini_program':
      return (
        <div className={chat.mini}>
          <span>{title}</span>
          {said.coverId ? <img src={fileUrl(said.coverId)} alt="" /> : none}
          <small>
            <Icon name="mini" size={12} />
            {t('content.kind.mini_program')}
          </small>
        </div>
      )
    case 'product':
      return <LinkCard said={said} under={sayYuan(said.content.priceFen)} />
    case 'link':
      return <LinkCard said={said} under={said.summary || said.content.url} />
    default:
      return <LinkCard said={said} under={said.summary || (said.kind === 'pdf' ? (fileName ?? '') : '')} />
  }
}

function LinkCard({ said, under }: { said: Said; under: string }) {
  const { t } = useTranslation()
  return (
    <div className={chat.linkCard}>
      <b>{said.title || t('content.field.title')}</b>
      <span>{under}</span>
      {said.coverId ? (
        <img className={chat.thumb} src={fileUrl(said.coverId)} alt="" />
      ) : (
        <span className={chat.thumb}>
          <Icon name={said.kind === 'pdf' ? 'log' : 'link'} size={20} />
        </span>
      )}
    </div>
  )
}

const FileCard = ({ name }: { name: string }) => (
  <div className={chat.linkCard}>
    <span style={{ fontSize: 14, color: '#191919' }}>{name}</span>
    <span className={chat.thumb}>
      <Icon name="archive" size={20} />
    </span>
  </div>
)

function BlockView({ block }: { block: Block }) {
  switch (block.type) {
    case 'heading':
      return <h4>{block.text}</h4>
    case 'quote':
      return <blockquote>{block.text}</blockquote>
    case 'picture':
      return (
        <figure>
          {block.fileId && <img src={fileUrl(block.fileId)} alt={block.caption} />}
          {block.caption && <figcaption>{block.caption}</figcaption>}
        </figure>
      )
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul'
      return (
        <List>
          {block.items.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: items are told apart by their place alone
            <li key={index}>{item}</li>
          ))}
        </List>
      )
    }
    default:
      return <p>{block.text}</p>
  }
}
