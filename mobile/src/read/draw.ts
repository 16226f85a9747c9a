type Child = Node | string | null | false | undefined

/** An element with properties and children; what others wrote stays text. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Partial<HTMLElementTagNameMap[K]> & { class?: string } = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const { class: className, ...rest } = props
  const made = Object.assign(document.createElement(tag), rest)
  if (className) made.className = className
  made.append(
    ...children.filter((child): child is Node | string => child !== null && child !== false && child !== undefined),
  )
  return made
}

const SVG = 'http://www.w3.org/2000/svg'

/** Hills in the morning, where a page has no picture of its own. */
export function hills(): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 720 280')
  svg.setAttribute('class', 'cover')
  svg.setAttribute('aria-hidden', 'true')
  const shapes: [string, Record<string, string>][] = [
    ['rect', { width: '720', height: '280', fill: 'var(--hill-1)' }],
    ['circle', { cx: '580', cy: '80', r: '33', fill: 'var(--sun)' }],
    [
      'path',
      {
        d: 'M0 152C80 116 150 122 220 164c60 36 120 8 180-34 90-62 170-66 230-12 40 36 70 50 90 50v112H0z',
        fill: 'var(--hill-2)',
      },
    ],
    ['path', { d: 'M0 210c70-28 130-26 200-2 80 28 140 10 220-24 90-38 190-32 300-14v110H0z', fill: 'var(--hill-3)' }],
    ['path', { d: 'M0 238c100-22 210-26 330-4 120 22 240-4 390-10v56H0z', fill: 'var(--hill-4)' }],
  ]
  for (const [name, attributes] of shapes) {
    const shape = document.createElementNS(SVG, name)
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value)
    svg.append(shape)
  }
  return svg
}

let toast: HTMLElement | undefined
export function say(text: string): void {
  toast?.remove()
  toast = el('div', { class: 'toast', role: 'status' }, text)
  document.body.append(toast)
  const mine = toast
  setTimeout(() => mine.remove(), 3_500)
}
