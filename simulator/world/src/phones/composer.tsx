import { type FormEvent, useState } from 'react'

interface ComposerProps {
  placeholder: string
  /** One tap says it: for whoever has no idea what to say. */
  lines: readonly string[]
  /** Why nothing can be sent. */
  blocked?: string
  onSay(text: string): void
}

export function Composer({ placeholder, lines, blocked, onSay }: ComposerProps) {
  const [text, setText] = useState('')
  const say = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    onSay(text.trim())
    setText('')
  }
  if (blocked) return <p className="composer blocked">{blocked}</p>
  return (
    <form className="composer" onSubmit={say}>
      {text === '' && (
        <div className="quick-lines">
          {lines.map((line) => (
            <button key={line} type="button" onClick={() => onSay(line)}>
              {line}
            </button>
          ))}
        </div>
      )}
      <div className="composer-row">
        <input
          value={text}
          placeholder={placeholder}
          aria-label={placeholder}
          maxLength={1000}
          onChange={(event) => setText(event.target.value)}
        />
        {text.trim() !== '' && (
          <button type="submit" className="phone-button solid">
            发送
          </button>
        )}
      </div>
    </form>
  )
}
