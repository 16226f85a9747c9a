import { useDeferredValue, useState } from 'react'
import type { CustomerPage, CustomerView, StaffList, WayView } from '../control-api.ts'
import { Avatar } from '../ui/avatar.tsx'
import { BackIcon, SearchIcon } from '../ui/icons.tsx'
import { CodeRow, codeName } from './code-row.tsx'
import { PersonRow } from './person-row.tsx'
import { useCustomerPages } from './use-customer-pages.ts'

/** Codes drawn at once; a picture each. Search narrows. */
const CODES_DRAWN = 60

interface ListFrameProps {
  title: string
  placeholder: string
  query: string
  onQuery(query: string): void
  onBack(): void
  children: React.ReactNode
}

function ListFrame({ title, placeholder, query, onQuery, onBack, children }: ListFrameProps) {
  return (
    <div className="cast-all">
      <div className="cast-all-head">
        <button type="button" className="icon-button" aria-label="返回" onClick={onBack}>
          <BackIcon />
        </button>
        <h2>{title}</h2>
      </div>
      <label className="search">
        <SearchIcon size={14} />
        <input
          // biome-ignore lint/a11y/noAutofocus: the list was opened to search in it
          autoFocus
          type="search"
          value={query}
          placeholder={placeholder}
          onChange={(event) => onQuery(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && onBack()}
        />
      </label>
      <div className="cast-all-list">{children}</div>
    </div>
  )
}

interface AllPeopleProps {
  corpid: string
  onStage?: CustomerView
  onBack(): void
  onPick(customer: CustomerView): void
}

export function AllPeople({ corpid, onStage, onBack, onPick }: AllPeopleProps) {
  const [query, setQuery] = useState('')
  const { pages, more, isLoading } = useCustomerPages(corpid, query.trim())
  const total = pages[0]?.total
  const people = pages.flatMap((page: CustomerPage) => page.customers)
  return (
    <ListFrame
      title={total === undefined ? '顾客' : `顾客 ${total.toLocaleString('en-US')}`}
      placeholder="搜名字、备注、会员号"
      query={query}
      onQuery={setQuery}
      onBack={onBack}
    >
      <ul className="people">
        {people.map((it) => (
          <PersonRow
            key={it.externalUserid}
            customer={it}
            isOnStage={it.externalUserid === onStage?.externalUserid}
            onPick={() => onPick(it)}
          />
        ))}
      </ul>
      {total === 0 && (
        <p className="empty">
          没有叫「{query}」的客户。
          <button type="button" className="link" onClick={() => setQuery('')}>
            清除搜索
          </button>
        </p>
      )}
      {more && (
        <button type="button" className="button wide" disabled={isLoading} onClick={more}>
          再看 50 位
        </button>
      )}
    </ListFrame>
  )
}

interface AllCodesProps {
  ways: readonly WayView[]
  onBack(): void
  onScan(way: WayView): void
}

export function AllCodes({ ways, onBack, onScan }: AllCodesProps) {
  const [query, setQuery] = useState('')
  const wanted = useDeferredValue(query.trim())
  const found = ways.filter((way) => codeName(way).includes(wanted) || way.state.includes(wanted))
  return (
    <ListFrame
      title={`码 ${ways.length}`}
      placeholder="搜码的名字、参数"
      query={query}
      onQuery={setQuery}
      onBack={onBack}
    >
      <ul className="codes">
        {found.slice(0, CODES_DRAWN).map((way) => (
          <CodeRow key={way.configId} way={way} onScan={() => onScan(way)} />
        ))}
      </ul>
      {found.length > CODES_DRAWN && <p className="empty">还有 {found.length - CODES_DRAWN} 个，搜名字找得更快。</p>}
      {found.length === 0 && <p className="empty">没有这样的码。</p>}
    </ListFrame>
  )
}

interface AllStaffProps {
  staffList?: StaffList
  userid?: string
  onBack(): void
  onPick(userid: string): void
}

export function AllStaff({ staffList, userid, onBack, onPick }: AllStaffProps) {
  const [query, setQuery] = useState('')
  const departments = new Map(staffList?.departments.map(({ id, name }) => [id, name]))
  const staff = staffList?.staff ?? []
  const found = staff.filter((it) => it.name.includes(query.trim()) || it.userid.includes(query.trim()))
  return (
    <ListFrame
      title={`成员 ${staff.length}`}
      placeholder="搜姓名、账号"
      query={query}
      onQuery={setQuery}
      onBack={onBack}
    >
      <ul className="people">
        {found.map((it) => (
          <li key={it.userid}>
            <button
              type="button"
              className="person"
              aria-pressed={it.userid === userid}
              onClick={() => onPick(it.userid)}
            >
              <Avatar name={it.name} />
              <span className="person-words">
                <b>{it.name}</b>
                <small>{[departments.get(it.departmentIds[0] ?? 0), it.position].filter(Boolean).join(' · ')}</small>
              </span>
              <span className="person-state">{it.customers} 位</span>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="empty">没有这样的成员。</p>}
    </ListFrame>
  )
}
