import type { About, Line } from '../api/sidebar.ts'
import { Sheet } from '../ui/sheet.tsx'
import { fullTime } from '../words/numbers.ts'
import { MoreButton } from './more-button.tsx'
import { sayLine } from './say-line.ts'
import { usePages } from './use-pages.ts'
import { say } from './words.ts'

interface TimelineSheetProps {
  about: About
  me: { staffId: string; code: string | null | undefined }
  nowMs: number
  onClose(): void
}

/** Everything that happened, page by page. */
export function TimelineSheet({ about, me, onClose }: TimelineSheetProps) {
  const pages = usePages<Line>(about.timeline)
  return (
    <Sheet title={say('happened')} closeWord={say('close')} onClose={onClose}>
      <ol className="lines whole">
        {pages.items.map((line) => (
          <li key={line.eventId}>
            <time dateTime={line.at}>{fullTime(line.at)}</time>
            <span>{sayLine(line, me)}</span>
          </li>
        ))}
      </ol>
      <MoreButton pages={pages} />
    </Sheet>
  )
}
