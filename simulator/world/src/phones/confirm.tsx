interface ConfirmProps {
  title: string
  what: string
  verb: string
  onYes(): void
  onNo(): void
}

/** A sheet from the bottom of the phone, for what cannot be undone. */
export function Confirm({ title, what, verb, onYes, onNo }: ConfirmProps) {
  return (
    <div className="confirm" role="alertdialog" aria-label={title}>
      <b>{title}</b>
      <p>{what}</p>
      <div className="confirm-row">
        {/* biome-ignore lint/a11y/noAutofocus: the harmless answer has the focus */}
        <button type="button" className="phone-button" autoFocus onClick={onNo}>
          不删
        </button>
        <button type="button" className="phone-button danger" onClick={onYes}>
          {verb}
        </button>
      </div>
    </div>
  )
}
