import type { About, Tag } from '../api/sidebar.ts'
import { Sheet } from '../ui/sheet.tsx'
import type { Acts } from './customer-page.tsx'
import { say } from './words.ts'

interface TagStoryProps {
  tag: Tag
  mayTag: boolean
  about: About
  acts: Acts
  onClose(): void
}

/** Who put a tag there, and the way to take it off. */
export function TagStory({ tag, mayTag, about, acts, onClose }: TagStoryProps) {
  const { tagId, name, groupName, mine } = tag
  const takeOff = async () => {
    const done = await acts.run(
      () => about.tag({ remove: [tagId] }),
      say('untagged', { name }),
      () => about.tag({ add: [tagId] }),
    )
    if (done) onClose()
  }
  return (
    <Sheet title={name} closeWord={say('close')} onClose={onClose}>
      <p>{sayOrigin(tag)}</p>
      <p className="low">{say('tagGroup', { name: groupName })}</p>
      {mayTag && mine && (
        <button type="button" className="button wide" onClick={() => void takeOff()}>
          {say('takeOff')}
        </button>
      )}
      {mayTag && !mine && <p className="low">{say('notMine')}</p>}
    </Sheet>
  )
}

function sayOrigin({ source, by }: Tag): string {
  if (source === 'wecom') return say('tagWecom')
  if (source === 'self') return say('tagSelf')
  if (source === 'rule') return by ? say('tagCode', { by }) : say('tagRule')
  return by ? say('tagHand', { by }) : say('tagHandNobody')
}
