import { useState } from 'react'
import type { WireEntry } from '../../../src/wire.ts'
import { CheckIcon, CloseIcon } from '../ui/icons.tsx'
import { JsonView } from './json-view.tsx'
import { WelcomeClock } from './welcome-clock.tsx'
import { XmlView } from './xml-view.tsx'

/** What crossed the wire, as it was: the decrypted event or the JSON, and how it was checked. */
export function WireDetail({ entry }: { entry: WireEntry }) {
  const { callback } = entry
  const isAnswered = /^\d{3}$/.test(entry.result)
  const [isCipher, setCipher] = useState(false)
  const plain = callback?.xml ?? (typeof entry.request === 'string' ? entry.request : undefined)
  const shown = isCipher && callback ? cipherText(callback) : (plain ?? jsonText(entry))
  return (
    <div className="wire-detail">
      <div className="wire-checks">
        {callback && !isAnswered && <span className="failed">没有应答，验没验过无从知道</span>}
        {(isAnswered ? callback?.checks : undefined)?.map(({ name, ok, detail }) => (
          <span key={name} className={ok ? 'ok' : 'failed'} title={detail}>
            {ok ? <CheckIcon size={12} /> : <CloseIcon size={12} />}
            {name}
          </span>
        ))}
        <span className="spring" />
        {callback && (
          <>
            <button type="button" aria-pressed={!isCipher} onClick={() => setCipher(false)}>
              明文
            </button>
            <button type="button" aria-pressed={isCipher} onClick={() => setCipher(true)}>
              密文
            </button>
          </>
        )}
        <CopyButton text={shown} />
      </div>
      {isCipher && callback ? (
        <pre className="code-box wrap">{cipherText(callback)}</pre>
      ) : callback || (plain?.startsWith('<') ?? false) ? (
        <XmlView xml={plain ?? ''} />
      ) : (
        <>
          <JsonView label="请求" value={entry.request} />
          <JsonView label="应答" value={entry.response} />
        </>
      )}
      {callback && entry.result === '403' && (
        <p className="wire-why">
          接收方说签名不对。签名由 token、timestamp、nonce、encrypt 四个值排序后相连再取
          sha1，后三个就在「密文」里，多半是 token 两边填得不一样。
        </p>
      )}
      {entry.fault?.kind === 'duplicate' && (
        <p className="wire-why">两次的密文不同，解开的明文一字不差。认明文去重，就不会做两遍。</p>
      )}
      {callback && callback.attempt > 1 && <p className="wire-why">这是第 {callback.attempt} 次送，一共最多 4 次。</p>}
      {entry.welcome && <WelcomeClock entry={entry} welcome={entry.welcome} />}
    </div>
  )
}

function cipherText({ query, cipher }: NonNullable<WireEntry['callback']>): string {
  const lines = Object.entries(query).map(([name, value]) => `${name} = ${value}`)
  return `${lines.join('\n')}\nencrypt = ${cipher}`
}

function jsonText({ request, response }: WireEntry): string {
  return JSON.stringify({ request, response }, null, 2)
}

function CopyButton({ text }: { text: string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <button type="button" onClick={() => void copy()}>
      {isCopied ? '已复制' : '复制'}
    </button>
  )
}
