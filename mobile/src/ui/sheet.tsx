import { type ReactNode, useEffect, useRef } from 'react'
import { CloseIcon } from './icons.tsx'

interface SheetProps {
  title: string
  closeWord: string
  children: ReactNode
  onClose(): void
}

/** A sheet from the bottom edge, where the thumb is. Escape, the back of it and the cross close it. */
export function Sheet({ title, closeWord, children, onClose }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own
    <dialog
      ref={dialog}
      className="sheet"
      aria-label={title}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current.close()
      }}
    >
      <div className="sheet-in">
        <header>
          <h2>{title}</h2>
          <button type="button" className="round" aria-label={closeWord} onClick={() => dialog.current?.close()}>
            <CloseIcon />
          </button>
        </header>
        <div className="sheet-body">{children}</div>
      </div>
    </dialog>
  )
}
