import { useState } from 'react'
import type { CorpView, CustomerView, SettingsView, StaffList, WayView } from '../control-api.ts'
import { AllCodes, AllPeople, AllStaff } from './all-of-them.tsx'
import { CodeRow } from './code-row.tsx'
import { PersonRow } from './person-row.tsx'
import { StaffRow } from './staff-row.tsx'

const PEOPLE_SHOWN = 6
const CODES_SHOWN = 4
const STORES_SHOWN = 6

interface CastPanelProps {
  corp: CorpView
  settings?: SettingsView
  onStage?: CustomerView
  cast: readonly CustomerView[]
  staffList?: StaffList
  ways: readonly WayView[]
  userid?: string
  /** The code whose 扫码 is the next thing to tap. */
  nextConfigId?: string
  isScanned: boolean
  /** The camera has read it: the next tap is in the phone. */
  isReading: boolean
  onPlay(customer: CustomerView): void
  onScan(way: WayView): void
  onStaff(userid: string): void
}

type Shown = 'home' | 'people' | 'codes' | 'staff'

/** Who plays, what is scanned, who answers: in the order of use. */
export function CastPanel(props: CastPanelProps) {
  const { corp, onStage, cast, staffList, ways, userid, onPlay, onScan, onStaff } = props
  const [shown, setShown] = useState<Shown>('home')
  const home = () => setShown('home')
  /** Picks, and goes back to the short lists. */
  const thenHome =
    <T,>(pick: (it: T) => void) =>
    (it: T) => {
      pick(it)
      home()
    }
  if (shown === 'people') {
    return <AllPeople corpid={corp.corpid} onStage={onStage} onBack={home} onPick={thenHome(onPlay)} />
  }
  if (shown === 'codes') return <AllCodes ways={ways} onBack={home} onScan={thenHome(onScan)} />
  if (shown === 'staff') {
    return <AllStaff staffList={staffList} userid={userid} onBack={home} onPick={thenHome(onStaff)} />
  }

  const isGuest = onStage !== undefined && !cast.some((it) => it.externalUserid === onStage.externalUserid)
  const people = [...(isGuest ? [onStage] : []), ...cast].slice(0, PEOPLE_SHOWN)
  const stores = storesOf(staffList)
  return (
    <div className="cast-home">
      <Heading title="顾客" lead="点一位来演" all={corp.counts.customers} onAll={() => setShown('people')} />
      <ul className="people">
        {people.map((it) => (
          <PersonRow
            key={it.externalUserid}
            customer={it}
            isOnStage={it.externalUserid === onStage?.externalUserid}
            onPick={() => onPlay(it)}
          />
        ))}
      </ul>
      <Heading title="码" lead="让顾客扫哪个" all={ways.length} onAll={() => setShown('codes')} />
      <ul className="codes">
        {ways.slice(0, CODES_SHOWN).map((way) => (
          <CodeRow key={way.configId} way={way} step={stepOf(way, props)} onScan={() => onScan(way)} />
        ))}
        {ways.length === 0 && <li className="empty">还没有码。在控制台「渠道活码」里建一个，这里马上就有。</li>}
      </ul>
      <Heading title="成员" lead={`${staffList?.staff.length ?? '…'} 人`} />
      <StaffRow staff={staffList?.staff ?? []} userid={userid} onPick={onStaff} onAll={() => setShown('staff')} />
      {stores.length > 1 && (
        <>
          <Heading title="门店" lead={`${stores.length} 家，各店客户数`} />
          <ul className="stores">
            {stores.slice(0, STORES_SHOWN).map(({ id, name, customers }) => (
              <li key={id}>
                {name.replace(/店$/, '')}
                <b>{customers.toLocaleString('en-US')}</b>
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="cast-foot">
        {props.settings && `种子 ${props.settings.seed}`}
        {corp.key === 'demo' && '，18 个月历史'}
        <br />
        {corp.persist ? '关机重启，一切还在' : '只在内存里，停了就没有'}
      </p>
    </div>
  )
}

function stepOf(way: WayView, { nextConfigId, isScanned, isReading }: CastPanelProps) {
  if (way.configId !== nextConfigId) return undefined
  if (isScanned) return 'done'
  return isReading ? 'todo' : 'now'
}

/** The departments that have customers and no departments under them. */
function storesOf(list: StaffList | undefined) {
  const departments = list?.departments ?? []
  const parents = new Set(departments.map(({ parentId }) => parentId))
  return departments.filter(({ id, customers }) => customers > 0 && !parents.has(id))
}

interface HeadingProps {
  title: string
  lead: string
  all?: number
  onAll?: () => void
}

function Heading({ title, lead, all, onAll }: HeadingProps) {
  return (
    <div className="cast-heading">
      <h2>{title}</h2>
      <span>{lead}</span>
      {onAll && (
        <button type="button" className="link" onClick={onAll}>
          全部 {all?.toLocaleString('en-US')}
        </button>
      )}
    </div>
  )
}
