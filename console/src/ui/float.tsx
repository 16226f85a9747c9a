import { Drawer, Popover } from 'antd'
import { type ComponentProps, cloneElement, type ReactElement, type ReactNode } from 'react'
import { useIsPhone } from './use-media.ts'

interface Props {
  open: boolean
  onOpenChange: (open: boolean) => void
  label: string
  content: ReactNode
  /** The one thing to press. */
  children: ReactElement<ComponentProps<'button'>>
}

/** Beside what was pressed; on a phone a sheet from below, where there is room and the thumb reaches. */
export function Float({ open, onOpenChange, label, content, children }: Props) {
  const phone = useIsPhone()
  if (!phone) {
    return (
      <Popover
        open={open}
        onOpenChange={onOpenChange}
        trigger="click"
        placement="bottomLeft"
        arrow={false}
        destroyOnHidden
        content={content}
      >
        {cloneElement(children, { 'aria-expanded': open })}
      </Popover>
    )
  }
  return (
    <>
      {cloneElement(children, { 'aria-expanded': open, onClick: () => onOpenChange(!open) })}
      <Drawer
        open={open}
        onClose={() => onOpenChange(false)}
        placement="bottom"
        size="auto"
        closable={false}
        aria-label={label}
        destroyOnHidden
        className="sheet"
      >
        {content}
      </Drawer>
    </>
  )
}
