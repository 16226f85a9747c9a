import { Button, Segmented } from 'antd'
import { type ChangeEvent, type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../../ui/icon.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { NotSaved } from '../../../ui/states.tsx'
import styles from './imports.module.css'
import { FILE_BYTES_MAX, type Kind, useUpload } from './use-imports.ts'

const KINDS: Kind[] = ['orders', 'members']

/** What is in the file, and the file: chosen, or dropped. */
export function FilePick() {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [kind, setKind] = useState<Kind>('orders')
  const [tooLarge, setTooLarge] = useState(false)
  const { upload, sent, error } = useUpload()
  const take = (file: File | undefined) => {
    setTooLarge(file !== undefined && file.size > FILE_BYTES_MAX)
    if (file && file.size <= FILE_BYTES_MAX) void upload(file, kind)
  }
  const choose = ({ target }: ChangeEvent<HTMLInputElement>) => {
    take(target.files?.[0])
    target.value = '' // the same file, mended, may be chosen again
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    take(event.dataTransfer.files[0])
  }
  return (
    <Panel title={t('orderWork.imports.new')} sub={t('orderWork.imports.newWhy')}>
      <div className={styles.pick}>
        <Segmented
          value={kind}
          onChange={setKind}
          options={KINDS.map((value) => ({ value, label: t(`orderWork.imports.kind.${value}`) }))}
        />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: a file may be dropped here; the button in it is the way by keyboard */}
        <div className={styles.drop} onDragOver={(event) => event.preventDefault()} onDrop={drop}>
          <input
            ref={input}
            type="file"
            accept=".csv,.txt,.xlsx,text/csv"
            hidden
            onChange={choose}
            data-testid="import-file"
          />
          {sent === undefined ? (
            <>
              <Button type="primary" icon={<Icon name="out" size={14} />} onClick={() => input.current?.click()}>
                {t('orderWork.imports.choose')}
              </Button>
              <span className="quiet">{t('orderWork.imports.formats')}</span>
            </>
          ) : (
            <ProgressBar
              label={t('orderWork.imports.sending')}
              done={sent}
              total={1}
              said={t('orderWork.imports.sent', { percent: Math.round(sent * 100) })}
            />
          )}
        </div>
        {tooLarge && <p className="bad">{t('orderWork.imports.tooLarge')}</p>}
        {error !== undefined && <NotSaved error={error} title={t('orderWork.imports.notSent')} />}
        <p className="small quiet">{t('orderWork.imports.phones')}</p>
      </div>
    </Panel>
  )
}
