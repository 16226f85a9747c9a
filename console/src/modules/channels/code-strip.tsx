import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Icon } from '../../ui/icon.tsx'
import bulk from '../tags/bulk.module.css'
import styles from './channels.module.css'
import { PrintButton } from './downloads.tsx'

/** As many as fit side by side; the server holds it too. */
const COMPARED_MAX = 6

/** What can be done with the ticked codes. Ink on both themes. */
export function CodeStrip({ picked, onClear }: { picked: ReadonlySet<string>; onClear: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const navigate = useNavigate()
  if (picked.size === 0) return null
  const codes = [...picked].join()
  const compare = () => {
    if (picked.size < 2 || picked.size > COMPARED_MAX) return void message.info(t('channels.compared.howMany'))
    void navigate(`/channels/compare?codes=${codes}`)
  }
  return (
    <div className={styles.float}>
      <div className={bulk.strip} role="toolbar" aria-label={t('channels.picked', { count: picked.size })}>
        <b>{t('channels.picked', { count: picked.size })}</b>
        <span className={bulk.rule} />
        <PrintButton of={{ codes }} type="text" className={bulk.act ?? ''} />
        <button type="button" className={bulk.act} onClick={compare}>
          <Icon name="swap" size={14} />
          {t('channels.compared.action')}
        </button>
        <button type="button" className={bulk.act} onClick={onClear} aria-label={t('channels.pickedNone')}>
          <Icon name="close" size={14} />
        </button>
      </div>
    </div>
  )
}
