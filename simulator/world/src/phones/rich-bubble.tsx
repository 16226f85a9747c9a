import { type ReactNode, use } from 'react'
import type { Bubble } from '../../../src/world/mass-records.ts'
import { OpenPage } from './open-page.ts'

/** A message as the phone draws it: words, or a card for what carries more. */
export function RichBubble({ message, corpLabel }: { message: Bubble; corpLabel: string }) {
  const content = (message.content ?? {}) as {
    title?: string
    desc?: string
    url?: string
    pic_url?: string
    picurl?: string
    /** Where the phone keeps a video or a file it was sent. */
    address?: string
    name?: string
  }
  switch (message.kind) {
    case 'link':
      return (
        <LinkCard url={safeLink(content.url)}>
          <b>{content.title || message.text}</b>
          <span className="card-bubble-row">
            <small>{content.desc || hostOf(content.url)}</small>
            <Thumb url={content.pic_url && pathOf(content.pic_url)} otherwise={safeLink(content.picurl)} />
          </span>
        </LinkCard>
      )
    case 'miniprogram':
      return (
        <span className="bubble card-bubble">
          <small>小程序</small>
          <b>{content.title || message.text}</b>
          <Thumb url={content.pic_url && pathOf(content.pic_url)} />
        </span>
      )
    case 'image':
      return (
        <span className="bubble file-bubble">
          {content.pic_url ? <img src={pathOf(content.pic_url)} alt={`${corpLabel}发来的图片`} /> : '图片'}
        </span>
      )
    case 'video':
      return <FileBubble address={content.address}>▶ 视频</FileBubble>
    case 'file':
      return (
        <FileBubble address={content.address}>文件 {content.name ?? message.text.replace('[文件]', '')}</FileBubble>
      )
    default:
      return <span className="bubble">{message.text}</span>
  }
}

/** Opens the file itself, where the phone has it. */
function FileBubble({ address, children }: { address: string | undefined; children: ReactNode }) {
  if (!address) return <span className="bubble file-bubble">{children}</span>
  return (
    <a className="bubble file-bubble" href={pathOf(address)} target="_blank" rel="noreferrer">
      {children}
    </a>
  )
}

function Thumb({ url, otherwise }: { url: string | undefined; otherwise?: string }) {
  const shown = url || otherwise
  return shown ? <img className="thumb" src={shown} alt="" /> : <LeafThumb />
}

/** A page of the company's own opens inside the phone; anything else in a window of its own. */
function LinkCard({ url, children }: { url: string | undefined; children: ReactNode }) {
  const openPage = use(OpenPage)
  const isOurs = url !== undefined && openPage !== undefined && openPage.origin === new URL(url).origin
  return isOurs ? (
    <button type="button" className="bubble card-bubble" onClick={() => openPage.open(url)}>
      {children}
    </button>
  ) : (
    <a className="bubble card-bubble" href={url} target="_blank" rel="noreferrer">
      {children}
    </a>
  )
}

/** Only web addresses become links; what a program sent is not trusted further. */
function safeLink(url: string | undefined): string | undefined {
  return url && /^https?:\/\//.test(url) ? url : undefined
}

/** Pictures live in the simulator; its own address may differ from the one this page was opened with. */
function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url
}

function hostOf(url: string | undefined): string {
  return url && URL.canParse(url) ? new URL(url).host : ''
}

function LeafThumb() {
  return (
    <svg className="leaf" width="44" height="44" viewBox="0 0 44 44" aria-hidden="true">
      <rect width="44" height="44" rx="4" fill="#E7F0E0" />
      <path d="M12 30C10 17 18 10 33 10c1 14-5 22-17 21" fill="#4B8F3E" />
      <path d="M11 34c4-9 9-13 16-17" fill="none" stroke="#2F6B2B" strokeWidth="1.6" strokeLinecap="round" />
    </svg>
  )
}
