import { useState } from 'react'
import type { About, Flow, Mine, Stage } from '../api/sidebar.ts'
import { TickIcon } from '../ui/icons.tsx'
import { Sheet } from '../ui/sheet.tsx'
import type { Acts } from './customer-page.tsx'
import { say } from './words.ts'

interface StageSheetProps {
  flow: Flow
  lostReasons: Mine['lostReasons']
  about: About
  acts: Acts
  onClose(): void
}

/** The stages of his flow: where he stands, where he may go, and what is lacking for the others. */
export function StageSheet({ flow, lostReasons, about, acts, onClose }: StageSheetProps) {
  const [losing, setLosing] = useState<Stage>()
  const move = async (stage: Stage, why: { lostReasonId?: string; reason?: string } = {}) => {
    const done = await acts.run(
      () => about.move({ stageId: stage.stageId, ...why }),
      say('moved', { name: stage.name }),
      ({ stayId }) => about.undoMove(stayId),
    )
    if (done) onClose()
  }
  if (losing)
    return <LostSheet stage={losing} reasons={lostReasons} onMove={(why) => void move(losing, why)} onClose={onClose} />
  return (
    <Sheet title={say('pickStage')} closeWord={say('close')} onClose={onClose}>
      <ul className="choices">
        {flow.stages.map((stage) => {
          const isHere = stage.stageId === flow.stageId
          const isGated = !isHere && stage.missing.length > 0
          return (
            <li key={stage.stageId}>
              <button
                type="button"
                disabled={isHere || isGated}
                aria-current={isHere ? 'step' : undefined}
                onClick={() => (stage.kind === 'lost' && lostReasons.length > 0 ? setLosing(stage) : void move(stage))}
              >
                <span>
                  {stage.name}
                  {isHere && <small>{say('here')}</small>}
                  {isGated && <small className="warn">{say('firstDo', { what: stage.missing.join('、') })}</small>}
                </span>
                {isHere && <TickIcon />}
              </button>
            </li>
          )
        })}
      </ul>
    </Sheet>
  )
}

interface LostSheetProps {
  stage: Stage
  reasons: Mine['lostReasons']
  onMove(why: { lostReasonId: string; reason: string }): void
  onClose(): void
}

function LostSheet({ stage, reasons, onMove, onClose }: LostSheetProps) {
  const [lostReasonId, setReasonId] = useState<string>()
  const [reason, setReason] = useState('')
  return (
    <Sheet title={say('whyLost')} closeWord={say('close')} onClose={onClose}>
      <div className="tags" role="radiogroup" aria-label={say('whyLost')}>
        {reasons.map((one) => (
          // biome-ignore lint/a11y/useSemanticElements: drawn as a chip, said as a radio
          <button
            key={one.lostReasonId}
            type="button"
            role="radio"
            aria-checked={one.lostReasonId === lostReasonId}
            className={one.lostReasonId === lostReasonId ? 'tag on' : 'tag'}
            onClick={() => setReasonId(one.lostReasonId)}
          >
            <span>{one.name}</span>
          </button>
        ))}
      </div>
      <input
        className="field"
        value={reason}
        maxLength={200}
        placeholder={say('reason')}
        aria-label={say('reason')}
        onChange={(event) => setReason(event.target.value)}
      />
      <button
        type="button"
        className="button solid wide"
        disabled={!lostReasonId}
        onClick={() => lostReasonId && onMove({ lostReasonId, reason: reason.trim() })}
      >
        {say('moveThere', { name: stage.name })}
      </button>
    </Sheet>
  )
}
