import '@xyflow/react/dist/base.css'
import {
  type Edge,
  MarkerType,
  MiniMap,
  type Node,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react'
import { Button } from 'antd'
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import styles from './canvas.module.css'
import type { CanvasProps } from './canvas-props.ts'
import { EndPill, StepCard, type StepData } from './canvas-step.tsx'
import { WayLine } from './canvas-way.tsx'
import { inOrder, place, type Sizes, wayKey } from './layout.ts'

/** From this many steps on somebody gets lost. */
const MAP_FROM = 18
const WIDTH = 248
const HEIGHT = 68
const TALLY = 38
const nodeTypes = { step: StepCard, end: EndPill }
const edgeTypes = { way: WayLine }

/** A journey as a picture one can walk with the arrow keys. */
export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Picture {...props} />
    </ReactFlowProvider>
  )
}

function Picture(props: CanvasProps) {
  const { t } = useTranslation()
  const { start, waysOf, at, onAt, onOpen, onInsert, onRemove } = props
  const { nodes, edges, order } = useDrawn(props)
  const flow = useReactFlow()
  const box = useRef<HTMLDivElement>(null)
  const count = nodes.length
  const width = useStore((state) => state.width)
  const layered = props.tallyOf !== undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at anew when the picture or its frame changes
  useEffect(() => {
    if (width > 0) void fit(flow, start, width)
  }, [width, layered, flow])
  const go = (key: string | undefined) => {
    if (!key) return
    onAt(key)
    box.current?.querySelector<HTMLElement>(`[data-step="${CSS.escape(key)}"]`)?.focus({ preventScroll: true })
    bring(flow, key, box.current)
  }
  const press = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement
    if (!target.dataset.step && target !== box.current) return
    const here = at ?? start
    const ways = waysOf(here).flatMap(({ to }) => (to === null ? [] : [to]))
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(ways[0]),
      ArrowUp: () => go(order.find((key) => waysOf(key).some(({ to }) => to === here))),
      ArrowLeft: () => go(beside(nodes, here, -1)),
      ArrowRight: () => go(beside(nodes, here, 1)),
      Home: () => go(start),
      Enter: () => onOpen(here),
      '+': () => insertBelow(here),
      '=': () => insertBelow(here),
      Delete: () => here !== start && onRemove?.(here),
      Backspace: () => here !== start && onRemove?.(here),
      Escape: () => onAt(null),
    }
    const insertBelow = (key: string) => {
      const [way] = waysOf(key)
      if (way) onInsert?.({ key, port: way.port })
    }
    const move = moves[event.key]
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    move()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a group of buttons that arrow keys walk between
    <div ref={box} className={styles.canvas} onKeyDown={press} data-lit={props.lit !== undefined || undefined}>
      <p className="unseen" id="canvas-keys">
        {t('journeys.canvas.keys')}
      </p>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        zoomOnDoubleClick={false}
        deleteKeyCode={null}
        disableKeyboardA11y
        panOnScroll
        minZoom={0.15}
        maxZoom={1.5}
        onPaneClick={() => onAt(null)}
        proOptions={{ hideAttribution: true }}
        role="group"
        aria-label={t('journeys.canvas.label')}
        aria-describedby="canvas-keys"
      >
        <Zoom onFit={() => void flow.fitView({ padding: 0.12, maxZoom: 1, duration: 160 })} />
        {count >= MAP_FROM && (
          <MiniMap
            className={styles.map ?? ''}
            pannable
            style={{ width: 168, height: 116 }}
            zoomable
            ariaLabel={t('journeys.canvas.map')}
            nodeColor={(node) => (node.type === 'end' ? 'transparent' : 'var(--s-line-strong)')}
            nodeBorderRadius={12}
            maskColor="color-mix(in srgb, var(--s-page) 70%, transparent)"
            bgColor="var(--s-card)"
          />
        )}
      </ReactFlow>
    </div>
  )
}

function Zoom({ onFit }: { onFit: () => void }) {
  const { t } = useTranslation()
  const { zoomIn, zoomOut } = useReactFlow()
  const zoom = useStore((state) => state.transform[2])
  return (
    <Panel position="bottom-left" className={styles.zoom ?? ''}>
      <Button
        type="text"
        size="small"
        icon={<Icon name="minus" size={14} label={t('journeys.canvas.out')} />}
        onClick={() => void zoomOut({ duration: 100 })}
      />
      <span className="small quiet">{Math.round(zoom * 100)}%</span>
      <Button
        type="text"
        size="small"
        icon={<Icon name="plus" size={14} label={t('journeys.canvas.in')} />}
        onClick={() => void zoomIn({ duration: 100 })}
      />
      <Button
        type="text"
        size="small"
        icon={<Icon name="expand" size={14} label={t('journeys.canvas.fit')} />}
        onClick={onFit}
      />
    </Panel>
  )
}

/** Steps and ways as the library draws them. */
function useDrawn(props: CanvasProps) {
  const { start, waysOf, faceOf, wordOf, at, onAt, onOpen, onInsert, onRemove, tallyOf, wentBy, lit } = props
  return useMemo(() => {
    const heightOf = (key: string) => HEIGHT + (tallyOf?.(key) ? TALLY : 0)
    const sizes: Sizes = { width: WIDTH, gapX: 28, heightOf, gapY: 56, gapBranch: 96, endWidth: tallyOf ? 200 : 132 }
    const order = inOrder(start, waysOf)
    const placed = place(start, waysOf, sizes)
    const most = Math.max(1, ...order.flatMap((key) => waysOf(key).map(({ port }) => wentBy?.(key, port) ?? 0)))
    const nodes: Node[] = order.map((key) => {
      const { x, y } = placed.steps.get(key) ?? { x: 0, y: 0 }
      const data: StepData = {
        stepKey: key,
        face: faceOf(key),
        tally: tallyOf?.(key),
        isAt: at === key,
        isFirst: at === null && key === start,
        lit: lit && (lit.steps.get(key) ?? null),
        stands: lit?.at === key,
        onPress: () => {
          onAt(key)
          onOpen(key)
        },
        onRemove: onRemove && key !== start ? () => onRemove(key) : undefined,
      }
      return {
        id: key,
        type: 'step',
        position: { x: x - WIDTH / 2, y },
        width: WIDTH,
        height: heightOf(key),
        data: data as never,
      }
    })
    const edges: Edge[] = []
    for (const key of order) {
      const ways = waysOf(key)
      for (const { port, to } of ways) {
        const id = wayKey(key, port)
        const end = placed.ends.get(id)
        if (to === null && end)
          nodes.push({
            id,
            type: 'end',
            position: { x: end.x - 28, y: end.y },
            width: 56,
            height: 24,
            data: { lit: lit?.ways.has(id) },
          })
        const went = wentBy?.(key, port)
        edges.push({
          id,
          source: key,
          target: to ?? id,
          type: 'way',
          ...(went === undefined && to !== null
            ? { markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: 'var(--s-line-strong)' } }
            : {}),
          data: {
            word: wordOf(key, port),
            forked: ways.length > 1,
            lane: placed.lanes.get(id),
            went,
            thick: went === undefined ? undefined : went === 0 ? 1 : 2 + (went / most) * 16,
            share: went === undefined ? undefined : ways.reduce((sum, one) => sum + (wentBy?.(key, one.port) ?? 0), 0),
            lit: lit?.ways.has(id),
            onInsert: onInsert && (() => onInsert({ key, port })),
          },
        })
      }
    }
    return { nodes, edges, order }
  }, [start, waysOf, faceOf, wordOf, at, onAt, onOpen, onInsert, onRemove, tallyOf, wentBy, lit])
}

type Flow = ReturnType<typeof useReactFlow>

/** All of it where that can be read; else from its beginning, as wide as fits. */
async function fit(flow: Flow, start: string, width: number): Promise<void> {
  await flow.fitView({ padding: 0.06, maxZoom: 1 })
  if (flow.getZoom() >= 0.7) return
  const { x, width: wide } = flow.getNodesBounds(flow.getNodes())
  const zoom = Math.max(0.6, Math.min(0.9, width / (wide + 170)))
  const middle = wide * zoom < width ? x + wide / 2 : (flow.getNode(start)?.position.x ?? 0) + WIDTH / 2
  await flow.setViewport({ x: width / 2 - middle * zoom, y: 24, zoom })
}

function bring(flow: Flow, key: string, box: HTMLElement | null): void {
  const node = flow.getNode(key)
  if (!node || !box) return
  const { x, y } = flow.flowToScreenPosition({ x: node.position.x, y: node.position.y })
  const frame = box.getBoundingClientRect()
  const zoom = flow.getZoom()
  const inside =
    x > frame.left + 8 &&
    x + WIDTH * zoom < frame.right - 8 &&
    y > frame.top + 8 &&
    y + HEIGHT * zoom < frame.bottom - 8
  if (!inside) void flow.setCenter(node.position.x + WIDTH / 2, node.position.y + HEIGHT / 2, { zoom, duration: 160 })
}

/** The nearest step to the left or right, in about the same row. */
function beside(nodes: Node[], key: string, side: 1 | -1): string | undefined {
  const here = nodes.find(({ id }) => id === key)
  if (!here) return undefined
  return nodes
    .filter(({ type, position }) => type === 'step' && (position.x - here.position.x) * side > WIDTH / 2)
    .toSorted(
      (a, b) =>
        Math.abs(a.position.y - here.position.y) * 2 +
        Math.abs(a.position.x - here.position.x) -
        (Math.abs(b.position.y - here.position.y) * 2 + Math.abs(b.position.x - here.position.x)),
    )[0]?.id
}
