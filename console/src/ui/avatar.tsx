import { useState } from 'react'

const HUES = [32, 160, 230, 340, 200, 262, 90, 12]

/** A face, or the last character of the name on a colour that stays with the person. */
export function Avatar({
  name,
  src,
  size = 24,
  square = false,
}: {
  name: string
  src?: string | null
  size?: number
  square?: boolean
}) {
  const [broken, setBroken] = useState<string>()
  const hue = HUES[[...name].reduce((sum, c) => sum + (c.codePointAt(0) ?? 0), 0) % HUES.length]
  const style = {
    width: size,
    height: size,
    borderRadius: square ? 6 : '50%',
    flex: 'none',
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
  } as const
  if (src && broken !== src) {
    return (
      <img
        src={src}
        alt=""
        width={size}
        height={size}
        loading="lazy"
        style={{ ...style, objectFit: 'cover' }}
        onError={() => setBroken(src)}
      />
    )
  }
  const letter = [...name.trim()].at(-1) ?? '·'
  return (
    <span
      aria-hidden
      style={{
        ...style,
        fontSize: Math.round(size * 0.46),
        fontWeight: 600,
        background: `light-dark(hsl(${hue} 60% 92%), hsl(${hue} 30% 17%))`,
        color: `light-dark(hsl(${hue} 55% 31%), hsl(${hue} 55% 74%))`,
      }}
    >
      {letter}
    </span>
  )
}
