import { useState } from 'react'

const HUES = ['#0e7490', '#7c2d12', '#9f1239', '#4338ca', '#3f6212', '#475569']
const hueOf = (name: string) =>
  HUES[[...name].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % HUES.length]

export function Avatar({ name, url }: { name: string; url: string | null }) {
  const [isBroken, setBroken] = useState(false)
  if (url && !isBroken) return <img className="avatar" src={url} alt="" onError={() => setBroken(true)} />
  return (
    <span className="avatar" style={{ background: hueOf(name) }} aria-hidden="true">
      {[...name][0] ?? '?'}
    </span>
  )
}
