import { type ReactNode, useState } from 'react'
import type { About, Mine, Tag } from '../api/sidebar.ts'
import { Avatar } from '../ui/avatar.tsx'
import { DownIcon, PenIcon, PlusIcon } from '../ui/icons.tsx'
import { daysSince, yuan } from '../words/numbers.ts'
import { may } from './boot.ts'
import type { Acts } from './customer-page.tsx'
import { opening } from './opening.ts'
import { OrderSheet } from './order-sheet.tsx'
import { RemarkSheet } from './remark-sheet.tsx'
import type { Seen } from './seen.ts'
import { StageSheet } from './stage-sheet.tsx'
import { TagSheet } from './tag-sheet.tsx'
import { TagStory } from './tag-story.tsx'
import { say } from './words.ts'

interface WhoCardProps {
  view: Mine
  about: About
  acts: Acts
  nowMs: number
}

/** On a narrow phone what he carries must leave room for what one may add. */
const tagsShown = () => (innerWidth < 360 ? 3 : 6)

/** Who this is, what he carries, where he stands, what he spent. */
export function WhoCard({ view, about, acts, nowMs }: WhoCardProps) {
  const [open, setOpen] = useState<'stage' | 'tags' | 'remark' | 'orders' | Tag>()
  const [showsAll, setShowsAll] = useState(false)
  const { pair, tags, suggestedTags, lostAt } = view
  const flow = view.flows.find(({ stageId }) => stageId !== null) ?? view.flows[0]
  const stage = flow?.stages.find(({ stageId }) => stageId === flow.stageId)
  const most = showsAll ? tags.length : tagsShown()
  const mayTag = may('contacts.tag') && pair !== null && lostAt === null
  const close = () => setOpen(undefined)
  const put = ({ tagId, name }: { tagId: string; name: string }) =>
    acts.run(
      () => about.tag({ add: [tagId] }),
      say('tagged', { name }),
      () => about.tag({ remove: [tagId] }),
    )

  return (
    <section className="card" aria-label={say('who')}>
      <div className="who">
        <button
          type="button"
          aria-label={say('profile')}
          onClick={() => void opening.then((client) => client.openProfile(about.externalUserid)).catch(console.error)}
        >
          <Avatar name={view.name} url={view.avatar} />
        </button>
        <div className="who-name">
          <b>{view.name}</b>
          {pair ? (
            <button
              type="button"
              className="who-remark"
              disabled={!may('contacts.write')}
              onClick={() => setOpen('remark')}
            >
              <span>
                {lostAt ? say('lost') : pair.remark ? say('remark', { remark: pair.remark }) : say('noRemark')}
              </span>
              {!lostAt && <PenIcon />}
              {pair.code && <span className="wide-only"> · {say('byCode', { code: pair.code })}</span>}
            </button>
          ) : (
            <span className="low">{view.colleagues.join('、')}</span>
          )}
        </div>
        {flow && (
          <button
            type="button"
            className="stage"
            data-part="stage"
            disabled={!may('stages.move')}
            onClick={() => setOpen('stage')}
          >
            <span>
              {stage?.name ?? say('noStage')}
              <DownIcon />
            </span>
          </button>
        )}
      </div>
      <div className="tags">
        {tags.slice(0, most).map((tag) => (
          <button key={tag.tagId} type="button" className={`tag ${tag.source}`} onClick={() => setOpen(tag)}>
            <span>{tag.name}</span>
          </button>
        ))}
        {tags.length > most && (
          <button type="button" className="tag" onClick={() => setShowsAll(true)}>
            <span>{say('more', { n: tags.length - most })}</span>
          </button>
        )}
        {mayTag &&
          suggestedTags.slice(0, innerWidth < 360 ? 1 : 2).map((tag) => (
            <button
              key={tag.tagId}
              type="button"
              className="tag add"
              data-part="suggested-tag"
              title={tag.stage ? say('whyStage', { stage: tag.stage }) : say('whyFriends', { n: tag.customers })}
              onClick={() => void put(tag)}
            >
              <span>
                <PlusIcon />
                {tag.name}
              </span>
            </button>
          ))}
        {mayTag && (
          <button type="button" className="tag add" data-part="add-tag" onClick={() => setOpen('tags')}>
            <span>
              <PlusIcon />
              {say('addTag')}
            </span>
          </button>
        )}
      </div>
      <div className="facts">
        {view.spent && (
          <button type="button" onClick={() => setOpen('orders')}>
            <Fact title={say('spent')}>
              <b>{yuan(view.spent.totalFen)}</b> <small>{say('orders', { n: view.spent.count })}</small>
            </Fact>
          </button>
        )}
        <Fact title={say('member')}>
          {view.member ? (
            <>
              <b>{view.member.level ?? say('member')}</b> <small>{say('points', { n: view.member.points })}</small>
            </>
          ) : (
            say('noMember')
          )}
        </Fact>
        {pair && (
          <Fact title={say('known')}>
            {daysSince(pair.addedAt, nowMs) === 0 ? say('today') : say('days', { n: daysSince(pair.addedAt, nowMs) })}
          </Fact>
        )}
      </div>
      {open === 'stage' && flow && (
        <StageSheet flow={flow} lostReasons={view.lostReasons} about={about} acts={acts} onClose={close} />
      )}
      {open === 'tags' && <TagSheet held={tags} about={about} acts={acts} onClose={close} />}
      {open === 'remark' && pair && <RemarkSheet remark={pair.remark} about={about} acts={acts} onClose={close} />}
      {open === 'orders' && <OrderSheet about={about} nowMs={nowMs} onClose={close} />}
      {typeof open === 'object' && <TagStory tag={open} mayTag={mayTag} about={about} acts={acts} onClose={close} />}
    </section>
  )
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <span className="fact">
      <small>{title}</small>
      <span>{children}</span>
    </span>
  )
}

/** The same from memory, while the server is asked; the rest is blank. */
export function SeenCard({ seen, blank }: { seen: Seen; blank: string }) {
  const { name, avatar, pair, tags, stage } = seen
  // What stands below the first card, as the page came with it.
  const rest = blank.slice(blank.indexOf('<section', blank.indexOf('<section') + 1), blank.lastIndexOf('</main>'))
  return (
    <main className="cards" aria-busy="true">
      <section className="card">
        <div className="who">
          <Avatar name={name} url={avatar} />
          <div className="who-name">
            <b>{name}</b>
            <span className="low">
              {pair?.remark && `${say('remark', { remark: pair.remark })} · `}
              {say('seenBefore')}
            </span>
          </div>
          {stage && (
            <span className="stage">
              <span>{stage}</span>
            </span>
          )}
        </div>
        <div className="tags">
          {tags.slice(0, tagsShown()).map((tag) => (
            <span key={tag.tagId} className={`tag ${tag.source}`}>
              <span>{tag.name}</span>
            </span>
          ))}
        </div>
        <div className="facts">
          {[say('spent'), say('member'), say('known')].map((title) => (
            <Fact key={title} title={title}>
              <i className="blank line" />
            </Fact>
          ))}
        </div>
      </section>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the page's own markup */}
      <div style={{ display: 'contents' }} dangerouslySetInnerHTML={{ __html: rest }} />
    </main>
  )
}
