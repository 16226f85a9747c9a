interface SwitchProps {
  on: boolean
  label: string
  hint?: string
  /** Amber words while on: something is being injected. */
  warns?: boolean
  before?: boolean
  onChange(on: boolean): void
}

export function Switch({ on, label, hint, warns, before, onChange }: SwitchProps) {
  const text = <span className={warns && on ? 'switch-label warns' : 'switch-label'}>{label}</span>
  return (
    <button type="button" role="switch" aria-checked={on} className="switch" title={hint} onClick={() => onChange(!on)}>
      {before && text}
      <span className="switch-track" />
      {!before && text}
    </button>
  )
}
