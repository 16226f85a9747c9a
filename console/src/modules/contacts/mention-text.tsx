import { Mentions } from 'antd'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { namedIn, type Person } from './named-in.ts'

const PAUSE_MS = 150

/** Whom the text being written names, from those the page has offered. */
export function useMentioned() {
  const offered = useRef(new Map<string, Person>())
  const picked = useRef(new Set<string>())
  return {
    offer: (people: readonly Person[]) => {
      for (const one of people) offered.current.set(one.staffId, one)
    },
    pick: (staffId: string) => void picked.current.add(staffId),
    named: (text: string) => namedIn(text, [...offered.current.values()], picked.current),
  }
}

interface Props {
  contactId: string
  mentioned: ReturnType<typeof useMentioned>
  value: string
  onChange: (text: string) => void
  onKeyDown: (event: KeyboardEvent) => void
  onFocus?: () => void
  label: string
  placeholder?: string
  minRows: number
  maxLength: number
  autoFocus?: boolean
}

/** Room to write, where “@” offers those colleagues who may see the customer. */
export function MentionText({ contactId, mentioned, label, minRows, onChange, ...given }: Props) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<string>()
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined)
  const found = api.useQuery(
    'get',
    '/api/contacts/{contactId}/mentionable',
    { params: { path: { contactId }, query: { q: asked ?? '' } } },
    { enabled: asked !== undefined, placeholderData: (before) => before },
  )
  const people = asked === undefined ? [] : (found.data?.items ?? [])
  mentioned.offer(people)
  return (
    <Mentions
      {...given}
      aria-label={label}
      autoSize={{ minRows, maxRows: 10 }}
      prefix="@"
      // The server has looked: every name it gave is offered.
      filterOption={false}
      loading={found.isFetching}
      notFoundContent={found.isFetching ? t('journal.mention.looking') : t('journal.mention.nobody')}
      options={people.map((one) => ({
        key: one.staffId,
        value: one.name,
        label: (
          <span style={{ display: 'inline-flex', alignItems: 'center', gap: 8 }}>
            <Avatar name={one.name} src={one.avatar} size={20} />
            {one.name}
          </span>
        ),
      }))}
      onSearch={(text) => {
        clearTimeout(waiting.current)
        waiting.current = setTimeout(() => setAsked(text), PAUSE_MS)
      }}
      onSelect={({ key }) => key && mentioned.pick(key)}
      onChange={onChange}
    />
  )
}
