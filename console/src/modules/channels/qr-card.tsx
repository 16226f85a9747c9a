import { Button, Segmented, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import styles from './channels.module.css'
import type { Code } from './use-channels.ts'

const SHOWN_PX = 480
/** A poster's worth: the server draws up to 2 048. */
const PRINT_PX = 1024

/** The code to scan, in its two ways, and the files to print. */
export function QrCard({ code }: { code: Code }) {
  const { t } = useTranslation()
  const [landing, setLanding] = useState(false)
  const [logo, setLogo] = useState(true)
  const variant = code.qr.find((one) => one.landing === landing)
  const address = (url: string, size: number) => {
    const [path, given] = url.split('?')
    const query = new URLSearchParams(given)
    query.set('size', String(size))
    query.set('logo', logo ? '1' : '0')
    return `${path}?${query}`
  }
  return (
    <Panel>
      <div className={styles.qr}>
        <Segmented
          block
          style={{ width: '100%' }}
          aria-label={t('channels.qr.variant')}
          value={landing ? 'landing' : 'direct'}
          onChange={(value) => setLanding(value === 'landing')}
          options={(['direct', 'landing'] as const).map((value) => ({ value, label: t(`channels.qr.${value}`) }))}
        />
        <div className={styles.picture}>
          {variant?.content ? (
            <img src={address(variant.svgUrl, SHOWN_PX)} alt={t('channels.qr.alt', { name: code.name })} />
          ) : (
            <span style={{ color: '#666d68', padding: 16, textAlign: 'center', fontSize: 12 }}>
              {code.status === 'failed' ? t('channels.qr.failed') : t('channels.qr.notReady')}
            </span>
          )}
        </div>
        {code.status === 'failed' && (
          <Link to={`/settings/health?lane=channel_codes${code.failureId ? `&failure=${code.failureId}` : ''}`}>
            {t('channels.toHealth')}
          </Link>
        )}
        {variant?.content && (
          <>
            <div className={styles.buttons}>
              <Button
                size="small"
                icon={<Icon name="download" size={13} />}
                href={address(variant.pngUrl, PRINT_PX)}
                download={`${code.name}.png`}
              >
                {t('channels.qr.png')}
              </Button>
              <Button
                size="small"
                icon={<Icon name="download" size={13} />}
                href={address(variant.svgUrl, PRINT_PX)}
                download={`${code.name}.svg`}
              >
                {t('channels.qr.svg')}
              </Button>
              {landing && <CopyButton text={code.landingUrl} label={t('channels.qr.link')} />}
            </div>
            <label className={styles.choose} htmlFor="qr-logo">
              {t('channels.qr.withLogo')}
              <Switch id="qr-logo" size="small" checked={logo} onChange={setLogo} />
            </label>
          </>
        )}
        <p>{t(landing ? 'channels.qr.landingWhy' : 'channels.qr.directWhy')}</p>
      </div>
    </Panel>
  )
}
