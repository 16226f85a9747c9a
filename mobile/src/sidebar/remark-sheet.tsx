import { useState } from 'react'
import type { About } from '../api/sidebar.ts'
import { Sheet } from '../ui/sheet.tsx'
import type { Acts } from './customer-page.tsx'
import { say } from './words.ts'

interface RemarkSheetProps {
  remark: string
  about: About
  acts: Acts
  onClose(): void
}

const REMARK_MAX = 20

export function RemarkSheet({ remark, about, acts, onClose }: RemarkSheetProps) {
  const [text, setText] = useState(remark)
  const save = async () => {
    const done = await acts.run(
      () => about.remark(text.trim()),
      say('remarked'),
      ({ before }) => about.remark(before),
    )
    if (done) onClose()
  }
  return (
    <Sheet title={say('remarkTitle')} closeWord={say('close')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <input
          className="field"
          value={text}
          maxLength={REMARK_MAX}
          aria-label={say('remarkTitle')}
          onChange={(event) => setText(event.target.value)}
        />
        <p className="low">{say('remarkHint')}</p>
        <button type="submit" className="button solid wide" disabled={text.trim() === remark}>
          {say('save')}
        </button>
      </form>
    </Sheet>
  )
}
