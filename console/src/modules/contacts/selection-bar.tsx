import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChoiceList } from '../../ui/choice-list.tsx'
import { Float } from '../../ui/float.tsx'
import { Icon } from '../../ui/icon.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { languageOf } from '../../ui/time-words.ts'
import { useCan } from '../staff/session.ts'
import { BulkMove } from '../stages/bulk-move.tsx'
import bulk from '../tags/bulk.module.css'
import { useBulkActions } from '../tags/use-bulk-runs.ts'
import { useLibrary } from '../tags/use-tags.ts'
import { BulkAssign } from '../tasks/bulk-assign.tsx'
import type { toQuery } from './filters.ts'
import type { useSelection } from './use-selection.ts'

const WITHOUT_BULK_MAX = 500

interface Props {
  selection: ReturnType<typeof useSelection>
  query: ReturnType<typeof toQuery>
  count: { total: number; isFloor: boolean } | undefined
  /** The count in words. */
  total: string | undefined
}

/** What can be done with the ticked customers, or with all that match. Ink on both themes. */
export function SelectionBar({ selection, query, count, total }: Props) {
  const { t, i18n } = useTranslation()
  const { picked } = selection
  const mayBulk = useCan('contacts.bulk')
  if (picked.ids.size === 0 && !picked.all) return null
  const size = picked.all ? (count?.total ?? 0) : picked.ids.size
  const people = picked.all ? (total ?? '') : t('bulk.people', { n: sayCount(size, languageOf(i18n)) })
  const refused = size > WITHOUT_BULK_MAX && !mayBulk
  const given = picked.all ? { filter: query } : { contactIds: [...picked.ids] }
  const more = !picked.all && count !== undefined && (count.isFloor || count.total > picked.ids.size)
  return (
    <div className={bulk.strip} role="toolbar" aria-label={t('bulk.selected', { n: size })}>
      <b>{picked.all ? t('bulk.allSelected', { n: total ?? '' }) : t('bulk.selected', { n: sayCount(size) })}</b>
      {more && (
        <button type="button" className={bulk.act} onClick={selection.selectAll}>
          {t('bulk.selectAll', { n: total ?? '' })}
        </button>
      )}
      <span className={bulk.rule} />
      <BulkAssign people={people} given={given} refused={refused} onStarted={selection.clear} />
      <BulkMove people={people} given={given} refused={refused} onStarted={selection.clear} />
      <TagThem way="remove" people={people} given={given} refused={refused} onStarted={selection.clear} />
      <TagThem way="add" people={people} given={given} refused={refused} onStarted={selection.clear} />
      <span className={bulk.why}>{refused ? t('bulk.tooMany') : t('bulk.undoable')}</span>
      <button type="button" className={bulk.act} onClick={selection.clear} aria-label={t('bulk.clear')}>
        <Icon name="close" size={14} />
      </button>
    </div>
  )
}

interface TagThemProps {
  way: 'add' | 'remove'
  people: string
  given: { filter: Props['query'] } | { contactIds: string[] }
  refused: boolean
  onStarted: () => void
}

function TagThem({ way, people, given, refused, onStarted }: TagThemProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState<string[]>([])
  const library = useLibrary()
  const { start } = useBulkActions()
  const choices =
    library.data?.groups.flatMap((group) =>
      group.tags.map(({ tagId, name }) => ({ value: tagId, label: name, group: group.name })),
    ) ?? []
  const toggle = (id: string) => setChosen(chosen.includes(id) ? chosen.filter((held) => held !== id) : [...chosen, id])
  const go = () =>
    start.mutate(
      { body: { ...given, add: way === 'add' ? chosen : [], remove: way === 'remove' ? chosen : [] } },
      {
        onSuccess: () => {
          setOpen(false)
          onStarted()
        },
      },
    )
  return (
    <Float
      open={open}
      onOpenChange={setOpen}
      label={t(`bulk.${way}`)}
      content={
        <div className={bulk.choose}>
          <ChoiceList label={t(`bulk.${way}`)} choices={choices} chosen={chosen} onChoose={toggle} />
          <Button type="primary" block disabled={chosen.length === 0} loading={start.isPending} onClick={go}>
            {chosen.length === 0
              ? t('bulk.pickTags')
              : t(way === 'add' ? 'bulk.goAdd' : 'bulk.goRemove', { n: people })}
          </Button>
        </div>
      }
    >
      <button type="button" className={`${bulk.act} ${way === 'add' ? bulk.main : ''}`} disabled={refused}>
        <Icon name="tag" size={14} />
        {t(`bulk.${way}`)}
      </button>
    </Float>
  )
}
