import { Button, Drawer } from 'antd'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { useIsPhone } from '../../ui/use-media.ts'
import styles from './journeys.module.css'

interface Props {
  title: string
  tools?: ReactNode
  /** What stands here when nothing is chosen cannot be closed; on a phone it is opened by a button of the page. */
  onClose?: (() => void) | undefined
  open?: boolean
  children: ReactNode
}

/** Beside the picture what is chosen in it; on a phone a sheet from below. */
export function Side({ title, tools, onClose, open = true, children }: Props) {
  const { t } = useTranslation()
  const phone = useIsPhone()
  const box = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another thing is read from its top
  useEffect(() => {
    box.current?.scrollTo({ top: 0 })
    // What was pressed to come here may be gone: the keyboard goes on from what it opened.
    if (document.activeElement === document.body && onClose) box.current?.focus()
  }, [title])
  const head = (
    <div className={styles.sideHead}>
      <h2 title={title}>{title}</h2>
      <span className="spring" />
      {tools}
      {onClose && (
        <Button
          type="text"
          size="small"
          icon={<Icon name="close" size={15} label={t('actions.close')} />}
          onClick={onClose}
        />
      )}
    </div>
  )
  if (phone)
    return (
      <Drawer
        open={open}
        onClose={onClose}
        placement="bottom"
        size="85%"
        closable={false}
        title={null}
        aria-label={title}
        styles={{ body: { padding: 0 } }}
      >
        {head}
        <div className={styles.sideBody}>{children}</div>
      </Drawer>
    )
  return (
    <aside ref={box} className={styles.side} aria-label={title} tabIndex={-1}>
      {head}
      <div className={styles.sideBody}>{children}</div>
    </aside>
  )
}
