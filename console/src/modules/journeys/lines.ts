import { inOrder, meeting, type Way } from './layout.ts'

/** A journey told from top to bottom: steps by number, what each way of a fork does set in below it. */
export type Line =
  | { is: 'step'; key: string; depth: number; number: string }
  | { is: 'way'; key: string; port: string; depth: number }
  /** Goes on at a step told elsewhere. */
  | { is: 'join'; key: string; port: string; to: string; depth: number }
  | { is: 'end'; key: string; port: string; depth: number }

export function tell(start: string, waysOf: (key: string) => Way[]): Line[] {
  const lines: Line[] = []
  const told = new Set<string>()
  const joints = meeting(inOrder(start, waysOf), waysOf)

  function chain(from: string, port: string, to: string | null, until: string | null, depth: number, prefix: string) {
    let [key, by, at, nr] = [from, port, to, 0]
    while (true) {
      if (at === null) {
        lines.push({ is: 'end', key, port: by, depth })
        return
      }
      if (at === until) return
      if (told.has(at)) {
        lines.push({ is: 'join', key, port: by, to: at, depth })
        return
      }
      told.add(at)
      nr += 1
      const number = `${prefix}${nr}`
      lines.push({ is: 'step', key: at, depth, number })
      const ways = waysOf(at)
      if (ways.length === 0) return
      if (ways.length === 1) {
        ;[key, by, at] = [at, ways[0]!.port, ways[0]!.to]
        continue
      }
      const joint = joints.get(at)?.at
      const stop = joint && joint !== until && !told.has(joint) ? joint : null
      for (const [arm, way] of ways.entries()) {
        lines.push({ is: 'way', key: at, port: way.port, depth: depth + 1 })
        if (way.to !== null && (way.to === stop || (stop === null && way.to === until))) {
          lines.push({ is: 'join', key: at, port: way.port, to: way.to, depth: depth + 2 })
          continue
        }
        chain(at, way.port, way.to, stop ?? until, depth + 2, `${number}.${letter(arm)}`)
      }
      if (stop === null) return
      ;[key, by, at] = [at, '', stop]
    }
  }
  const first = waysOf(start)
  told.add(start)
  for (const way of first) chain(start, way.port, way.to, null, 0, '')
  return lines
}

const letter = (nr: number): string => String.fromCharCode(97 + (nr % 26))
