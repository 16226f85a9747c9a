import { useEffect, useState } from 'react'
import { Refused } from '../api/ask.ts'
import { type About, readTagNames, type Tag, type TagNames } from '../api/sidebar.ts'
import { Sheet } from '../ui/sheet.tsx'
import type { Acts } from './customer-page.tsx'
import { say } from './words.ts'

interface TagSheetProps {
  held: readonly Tag[]
  about: About
  acts: Acts
  onClose(): void
}

/** The company's tags by group; each tap puts one on or takes one's own off. */
export function TagSheet({ held, about, acts, onClose }: TagSheetProps) {
  const [library, setLibrary] = useState<TagNames['groups']>()
  const [error, setError] = useState<string>()
  const [words, setWords] = useState('')
  useEffect(() => {
    void readTagNames().then(
      ({ groups }) => setLibrary(groups),
      (problem: unknown) => setError(problem instanceof Refused ? problem.message || say('offline') : say('failed')),
    )
  }, [])
  const wanted = words.trim().toLowerCase()
  const groups = (library ?? [])
    .map((group) => ({ ...group, tags: group.tags.filter(({ name }) => name.toLowerCase().includes(wanted)) }))
    .filter(({ tags }) => tags.length > 0)
  const heldOf = (tagId: string) => held.find((tag) => tag.tagId === tagId)
  const toggle = (tagId: string, name: string) => {
    const [put, take] = [() => about.tag({ add: [tagId] }), () => about.tag({ remove: [tagId] })]
    void (heldOf(tagId)?.mine
      ? acts.run(take, say('untagged', { name }), put)
      : acts.run(put, say('tagged', { name }), take))
  }
  return (
    <Sheet title={say('pickTags')} closeWord={say('close')} onClose={onClose}>
      {groups.map((group) => (
        <section key={group.tagGroupId} className="group">
          <h3>{group.name}</h3>
          <div className="tags">
            {group.tags.map(({ tagId, name }) => {
              const tag = heldOf(tagId)
              return (
                <button
                  key={tagId}
                  type="button"
                  className={tag ? 'tag on' : 'tag'}
                  aria-pressed={tag !== undefined}
                  disabled={tag !== undefined && !tag.mine}
                  onClick={() => toggle(tagId, name)}
                >
                  <span>{name}</span>
                </button>
              )
            })}
          </div>
        </section>
      ))}
      {error && <p className="low">{error}</p>}
      {library && groups.length === 0 && <p className="low">{wanted ? say('noTag') : say('noTags')}</p>}
      {!library && !error && <i className="blank box" />}
      {(library?.length ?? 0) > 0 && (
        <input
          className="field at-foot"
          type="search"
          value={words}
          placeholder={say('findTag')}
          aria-label={say('findTag')}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
    </Sheet>
  )
}
