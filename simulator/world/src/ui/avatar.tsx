import { hashText } from '../../../src/prng.ts'

/** The same colours and the same choice as the simulator's `/avatar/` pictures, so a person looks alike everywhere. */
const COLOURS = ['#0F766E', '#8B3A12', '#9D174D', '#3643A8', '#3F6212', '#475569', '#1D4ED8', '#6D28D9', '#0E7490']

export function letterOf(name: string): string {
  const number = / (\d+)$/.exec(name)?.[1]
  if (number) return number.slice(-2)
  return [...name].find((character) => /\p{L}|\p{N}/u.test(character)) ?? '客'
}

export function Avatar({ name, size = 32 }: { name: string; size?: number }) {
  const background = COLOURS[hashText(name) % COLOURS.length]
  return (
    <span
      className="avatar"
      aria-hidden="true"
      style={{ background, width: size, height: size, fontSize: Math.max(12, Math.round(size * 0.42)) }}
    >
      {letterOf(name)}
    </span>
  )
}
