import { Switch } from 'antd'
import { type DragEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Panel } from '../../ui/panel.tsx'
import type { Vocabulary } from '../segments/use-names.ts'
import { moveId } from '../tags/order-tags.ts'
import { AutoTagRow } from './auto-tag-row.tsx'
import styles from './auto-tags.module.css'
import { type AutoTagGroup, useAutoTagChanges } from './use-auto-tags.ts'

interface Props {
  group: AutoTagGroup
  words: Vocabulary
  mayWrite: boolean
}

/** The rules of one tag group. Where they exclude each other they stand in the order they are asked, to be dragged or moved by keys. */
export function AutoTagGroupPanel({ group, words, mayWrite }: Props) {
  const { t } = useTranslation()
  const switchId = useId()
  const { editGroup } = useAutoTagChanges()
  const [dragged, setDragged] = useState<string>()
  const path = { tagGroupId: group.tagGroupId }
  const ids = group.rules.map((rule) => rule.ruleId)
  const order = (ruleIds: string[]) => editGroup.mutate({ params: { path }, body: { ruleIds } })
  const isOrdered = group.exclusive && mayWrite && ids.length > 1
  const drop = (at: number) => {
    const from = dragged === undefined ? -1 : ids.indexOf(dragged)
    if (from >= 0 && from !== at) order(ids.toSpliced(from, 1).toSpliced(at, 0, dragged!))
    setDragged(undefined)
  }
  const dragging = (ruleId: string, at: number) =>
    isOrdered
      ? {
          draggable: true,
          onDragStart: () => setDragged(ruleId),
          onDragEnd: () => setDragged(undefined),
          onDragOver: (event: DragEvent) => event.preventDefault(),
          onDrop: () => drop(at),
        }
      : {}
  const mover = (ruleId: string, step: -1 | 1) => {
    const moved = moveId(ids, ruleId, step)
    return moved && (() => order(moved))
  }
  return (
    <Panel
      edge
      title={group.name}
      sub={group.exclusive ? t('autoTags.exclusiveWhy') : undefined}
      extra={
        <span className={styles.exclusive}>
          <label htmlFor={switchId}>{t('autoTags.exclusive')}</label>
          <Switch
            id={switchId}
            size="small"
            checked={group.exclusive}
            disabled={!mayWrite}
            loading={editGroup.isPending}
            onChange={(exclusive) => editGroup.mutate({ params: { path }, body: { exclusive } })}
          />
        </span>
      }
    >
      <ol className={styles.rules}>
        {group.rules.map((rule, at) => (
          <li
            key={rule.ruleId}
            className={dragged === rule.ruleId ? styles.dragged : undefined}
            {...dragging(rule.ruleId, at)}
          >
            <AutoTagRow
              rule={rule}
              words={words}
              mayWrite={mayWrite}
              place={group.exclusive ? at + 1 : undefined}
              up={isOrdered ? mover(rule.ruleId, -1) : undefined}
              down={isOrdered ? mover(rule.ruleId, 1) : undefined}
              isOrdered={isOrdered}
            />
          </li>
        ))}
      </ol>
    </Panel>
  )
}
