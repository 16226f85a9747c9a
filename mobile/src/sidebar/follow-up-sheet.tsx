import { useState } from 'react'
import { type About, endTask } from '../api/sidebar.ts'
import { Sheet } from '../ui/sheet.tsx'
import type { Acts } from './customer-page.tsx'
import { say } from './words.ts'

interface FollowUpSheetProps {
  about: About
  acts: Acts
  nowMs: number
  onClose(): void
}

const HOUR_MS = 3_600_000
/** At an hour of Shanghai, so many days from now. */
function at(nowMs: number, days: number, hour: number): string {
  const day = Math.floor((nowMs + 8 * HOUR_MS) / (24 * HOUR_MS)) + days
  return new Date((day * 24 + hour - 8) * HOUR_MS).toISOString()
}

/** Something to be done for this customer, and when to be reminded of it. */
export function FollowUpSheet({ about, acts, nowMs, onClose }: FollowUpSheetProps) {
  const [title, setTitle] = useState('')
  const times = [
    { word: say('inAnHour'), at: new Date(nowMs + HOUR_MS).toISOString() },
    { word: say('tomorrow'), at: at(nowMs, 1, 10) },
    { word: say('inThreeDays'), at: at(nowMs, 3, 10) },
    { word: say('nextWeek'), at: at(nowMs, 7, 10) },
  ]
  const add = async (dueAt: string) => {
    const done = await acts.run(
      () => about.followUp(title.trim(), dueAt),
      say('reminded'),
      ({ taskId }) => endTask(taskId, 'cancelled'),
    )
    if (done) onClose()
  }
  return (
    <Sheet title={say('remind')} closeWord={say('close')} onClose={onClose}>
      <input
        className="field"
        value={title}
        maxLength={40}
        placeholder={say('remindWhat')}
        aria-label={say('remindWhat')}
        onChange={(event) => setTitle(event.target.value)}
      />
      <div className="times">
        {times.map(({ word, at: dueAt }) => (
          <button
            key={word}
            type="button"
            className="button"
            disabled={title.trim() === ''}
            onClick={() => void add(dueAt)}
          >
            {word}
          </button>
        ))}
      </div>
    </Sheet>
  )
}
