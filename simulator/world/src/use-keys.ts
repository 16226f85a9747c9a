import { useEffect, useRef } from 'react'

/** Where a key belongs to what has the focus, not to us. */
const TYPING = 'input, textarea, select'
const PRESSING = 'button, a, summary'

/** One key, one act. Not while somebody types, and space not on a button, which it presses. */
export function useKeys(acts: Record<string, () => void>): void {
  const latest = useRef(acts)
  useEffect(() => {
    latest.current = acts
  })
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return
      if (event.target.closest(TYPING) || (event.key === ' ' && event.target.closest(PRESSING))) return
      const act = latest.current[event.key]
      if (!act) return
      event.preventDefault()
      act()
    }
    // A button that was clicked with a pointer does not keep the focus: the next space is the clock's.
    const letGo = (event: MouseEvent) => {
      const pressed = event.target instanceof Element && event.target.closest<HTMLElement>('button, a')
      if (pressed && event.detail > 0) pressed.blur()
    }
    addEventListener('keydown', press)
    addEventListener('click', letGo)
    return () => {
      removeEventListener('keydown', press)
      removeEventListener('click', letGo)
    }
  }, [])
}
