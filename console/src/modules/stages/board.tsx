import { Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { toQuery } from '../contacts/filters.ts'
import { useCan } from '../staff/session.ts'
import type { Card } from './board-card.tsx'
import { BoardColumn } from './board-column.tsx'
import { MoveForm } from './move-form.tsx'
import styles from './stages.module.css'
import { type Flow, type Stage, useMove } from './use-stages.ts'

interface Props {
  flow: Flow
  query: ReturnType<typeof toQuery>
  openId: string | undefined
  onOpen: (contactId: string) => void
}

/** A column a stage, and one of those in none where there are any. A card is dragged, or moved by the arrow keys. */
export function Board({ flow, query, openId, onOpen }: Props) {
  const { t } = useTranslation()
  const mayMove = useCan('stages.move')
  const { move, isPending } = useMove()
  const [asked, setAsked] = useState<{ card: Card; stage: Stage }>()
  const counts = api.useQuery('get', '/api/stage-flows/{flowId}/counts', {
    params: { path: { flowId: flow.flowId }, query },
  })
  const ids = flow.stages.map((stage) => stage.stageId)
  const send = (card: Card, stageId: string) => {
    const stage = flow.stages.find((one) => one.stageId === stageId)
    if (!stage || card.stageId === stageId) return
    if (stage.kind === 'lost') setAsked({ card, stage })
    else move({ ...card, stage })
  }
  const step = (card: Card, by: number) => {
    const next = ids[ids.indexOf(card.stageId ?? '') + by]
    if (next) send(card, next)
  }
  const shared = { query, openId, onOpen, ...(mayMove ? { onDrop: send, onStep: step } : {}) }
  const none = counts.data?.none
  return (
    <>
      <ul className={styles.board} aria-label={flow.name}>
        {none && none.total > 0 && <BoardColumn {...shared} flow={flow} stage={undefined} count={none} />}
        {flow.stages.map((stage) => (
          <BoardColumn
            key={stage.stageId}
            {...shared}
            flow={flow}
            stage={stage}
            count={counts.data?.stages.find((one) => one.stageId === stage.stageId)}
          />
        ))}
      </ul>
      <Modal
        open={asked !== undefined}
        title={asked && t('stages.moveTo', { name: asked.card.name, stage: asked.stage.name })}
        onCancel={() => setAsked(undefined)}
        footer={null}
        width={360}
        destroyOnHidden
      >
        {asked && (
          <MoveForm
            to={asked.stage}
            action={t('stages.move')}
            isPending={isPending}
            onMove={(chosen) => move({ ...asked.card, ...chosen }, () => setAsked(undefined))}
          />
        )}
      </Modal>
    </>
  )
}
