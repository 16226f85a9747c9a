import { Input } from 'antd'
import { useRef, useState } from 'react'
import { Icon } from './icon.tsx'

const TYPING_MS = 300

interface Props {
  value: string
  placeholder: string
  onCommit: (value: string) => void
  className?: string | undefined
  maxLength?: number
}

/** What is typed reaches the URL when the typing rests, or at Enter. */
export function SearchBox({ value, placeholder, onCommit, className, maxLength = 64 }: Props) {
  const [typed, setTyped] = useState<string>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const commit = (text: string) => {
    clearTimeout(timer.current)
    setTyped(undefined)
    if (text.trim() !== value) onCommit(text.trim())
  }
  return (
    <Input
      className={className}
      prefix={<Icon name="search" size={14} />}
      placeholder={placeholder}
      aria-label={placeholder}
      allowClear
      maxLength={maxLength}
      value={typed ?? value}
      onChange={(event) => {
        const text = event.target.value
        setTyped(text)
        clearTimeout(timer.current)
        // An input method in the middle of a word is not a search yet.
        if (event.nativeEvent instanceof InputEvent && event.nativeEvent.isComposing) return
        timer.current = setTimeout(() => commit(text), TYPING_MS)
      }}
      onCompositionEnd={(event) => commit(event.currentTarget.value)}
      onPressEnter={(event) => commit(event.currentTarget.value)}
    />
  )
}
