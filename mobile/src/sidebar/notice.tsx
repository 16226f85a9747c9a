interface NoticeProps {
  title: string
  text?: string
  action?: string
  onAct?(): void
}

/** The page has nothing to show: what it is, why, and what to do. */
export function Notice({ title, text, action, onAct }: NoticeProps) {
  return (
    <main className="notice" role="status">
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {action && (
        <button type="button" className="button" onClick={onAct}>
          {action}
        </button>
      )}
    </main>
  )
}
