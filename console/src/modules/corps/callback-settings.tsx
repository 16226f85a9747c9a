import { useTranslation } from 'react-i18next'
import type { Answer } from '../../api/types.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import styles from './corps.module.css'

/** The three things to paste into WeCom, each with its own copy button. */
export function CallbackLines({ settings }: { settings: Answer<'/api/corp/callback'> }) {
  const { t } = useTranslation()
  return (
    <dl className={styles.secret}>
      {(
        [
          ['url', settings.url],
          ['token', settings.token],
          ['aesKey', settings.encodingAesKey],
        ] as const
      ).map(([word, value]) => (
        <div key={word}>
          <dt>{t(`corps.${word}`)}</dt>
          <dd className="code">{value}</dd>
          <CopyButton text={value} />
        </div>
      ))}
    </dl>
  )
}
