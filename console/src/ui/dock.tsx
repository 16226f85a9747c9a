import { Drawer } from 'antd'
import { type ReactNode, useEffect, useEffectEvent } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './dock.module.css'
import { Icon } from './icon.tsx'
import { useIsPhone, useMedia } from './use-media.ts'

/** A page and what is docked beside it. */
export function Split({ children, dock }: { children: ReactNode; dock?: ReactNode }) {
  return (
    <div className={styles.split} data-docked={dock ? true : undefined}>
      <div className={styles.main}>{children}</div>
      {dock}
    </div>
  )
}

interface Props {
  label: string
  /** Before the close button: where in the list, full page. */
  head?: ReactNode
  tools?: ReactNode
  onClose: () => void
  /** ↑ ↓ through the list; undefined where there is no neighbour. */
  onStep?: { up: (() => void) | undefined; down: (() => void) | undefined }
  children: ReactNode
}

/** Whatever floats takes Esc and the arrows before the drawer does. */
const FLOATING = ['popover', 'dropdown', 'select-dropdown', 'modal']
  .map((name) => `.ant-${name}:not(.ant-${name}-hidden)`)
  .join()
const TYPING =
  'input, textarea, select, [contenteditable], [role=listbox], [role=menu], [role=dialog], .ant-select, .ant-popover, .ant-modal'

/** Docked beside the list, 420 px, no mask; over it with a mask below 1200 px; the whole screen on a phone. */
export function Dock({ label, head, tools, onClose, onStep, children }: Props) {
  const { t } = useTranslation()
  const over = useMedia('(max-width: 1199px)')
  const phone = useIsPhone()
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    const inField =
      document.querySelector(FLOATING) !== null ||
      (event.target instanceof Element && event.target.closest(TYPING) !== null)
    if (event.key === 'Escape' && !over && !inField) onClose()
    const step = event.key === 'ArrowUp' ? onStep?.up : event.key === 'ArrowDown' ? onStep?.down : undefined
    if (!step || (inField && !over)) return
    event.preventDefault()
    step()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])

  const content = (
    <>
      <div className={styles.head}>
        {onStep && (
          <>
            <button
              type="button"
              className={styles.tool}
              disabled={!onStep.up}
              onClick={onStep.up}
              aria-label={t('list.stepUp')}
            >
              <Icon name="up" />
            </button>
            <button
              type="button"
              className={styles.tool}
              disabled={!onStep.down}
              onClick={onStep.down}
              aria-label={t('list.stepDown')}
            >
              <Icon name="down" />
            </button>
          </>
        )}
        {head}
        <div className={styles.right}>
          {tools}
          <button type="button" className={styles.tool} onClick={onClose} aria-label={t('actions.close')}>
            <Icon name="close" />
          </button>
        </div>
      </div>
      <div className={styles.body}>{children}</div>
    </>
  )
  if (!over)
    return (
      <aside className={styles.dock} aria-label={label}>
        {content}
      </aside>
    )
  return (
    <Drawer
      open
      onClose={onClose}
      size={phone ? '100%' : 420}
      closable={false}
      title={null}
      aria-label={label}
      styles={{ body: { padding: 0, display: 'flex', flexDirection: 'column' } }}
    >
      {content}
    </Drawer>
  )
}

export const dockTool = styles.tool
