import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import styles from './openapi.module.css'

const WAYS = ['server', 'page'] as const

const SAMPLES: Record<(typeof WAYS)[number], (origin: string) => string> = {
  server: (origin) => `curl ${origin}/collect \\
  -H 'Authorization: Bearer sk_…' -H 'Content-Type: application/json' \\
  -d '{ "batch": [{
    "type": "track", "event": "cart.added",
    "messageId": "cart-20261123-0001", "at": "2026-11-23T10:00:00+08:00",
    "ids": { "unionid": "oXyz…", "phone": "13800001234" },
    "properties": { "productNo": "TG-01", "name": "大红袍 100 克", "priceFen": 12800 }
  }] }'`,
  page: (origin) => `const device = (localStorage.siyu ??= crypto.randomUUID())
const tell = (item) => fetch('${origin}/collect?key=wk_…', {
  method: 'POST', keepalive: true, headers: { 'content-type': 'text/plain' },
  body: JSON.stringify({
    sentAt: new Date().toISOString(),
    // personToken: 由你们的服务器用 sk_ 密钥换来，这个人的事才算证实
    batch: [{ messageId: crypto.randomUUID(), at: new Date().toISOString(), device, ...item }],
  }),
})
tell({ type: 'page', properties: { url: location.href, title: document.title } })`,
}

/** A request that would be taken, to copy. */
export function HowToUse() {
  const { t } = useTranslation()
  const [way, setWay] = useState<(typeof WAYS)[number]>('server')
  const sample = SAMPLES[way](location.origin)
  return (
    <Panel title={t('openapi.how')} sub={t('openapi.howSub')} extra={<CopyButton text={sample} />}>
      <Segmented
        value={way}
        onChange={setWay}
        options={WAYS.map((value) => ({ value, label: t(`openapi.${value}`) }))}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls a long line by the arrows */}
      <pre className={styles.sample} tabIndex={0}>
        {sample}
      </pre>
      <p className="small quiet">{t('openapi.docs')}</p>
    </Panel>
  )
}
