import { App, Button, Dropdown, Input, Modal, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { NotSaved } from '../../ui/states.tsx'
import styles from './content.module.css'
import { DepartmentPick } from './settings-panel.tsx'

export interface Shelf {
  id: string
  name: string
  count: number
  scopeDepartments: string[] | null
  scopeNames: string[]
}

interface Props {
  label: string
  /** Beside the shelves themselves: all, in none. */
  fixed: { id: string; name: string; count: number }[]
  shelves: Shelf[]
  chosen: string
  onChoose: (id: string) => void
  /** Undefined: only to look at. */
  edit?:
    | {
        /** Departments may be named. */
        scoped: boolean
        save: (id: string | undefined, given: { name: string; scopeDepartments: string[] | null }) => Promise<unknown>
        remove: (id: string) => Promise<unknown>
        order: (ids: string[]) => void
      }
    | undefined
}

/** Folders, or groups of scripts, at the left: chosen, added, renamed, put in order by drag or by their menu. */
export function ShelfList({ label, fixed, shelves, chosen, onChoose, edit }: Props) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const [open, setOpen] = useState<Shelf | 'new'>()
  const [held, setHeld] = useState<string>()
  const ids = shelves.map(({ id }) => id)
  const move = (id: string, to: number) => edit?.order(ids.filter((one) => one !== id).toSpliced(to, 0, id))
  const remove = (shelf: Shelf) =>
    modal.confirm({
      title: t('content.shelf.removeTitle', { name: shelf.name }),
      content: t('content.shelf.removeWhy'),
      okText: t('content.shelf.remove'),
      okButtonProps: { danger: true },
      onOk: () => edit?.remove(shelf.id).catch(() => undefined),
    })
  return (
    <nav className={styles.shelves} aria-label={label}>
      {fixed.map(({ id, name, count }) => (
        <button
          key={id}
          type="button"
          className={styles.shelf}
          aria-current={chosen === id || undefined}
          onClick={() => onChoose(id)}
        >
          <span className="clip">{name}</span>
          <em>{count}</em>
        </button>
      ))}
      {shelves.map((shelf, place) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: dragging is a second way; its menu moves it too
        <div
          key={shelf.id}
          className={styles.shelfRow}
          draggable={edit !== undefined}
          onDragStart={() => setHeld(shelf.id)}
          onDragOver={(event) => event.preventDefault()}
          onDrop={() => held && held !== shelf.id && move(held, place)}
        >
          <button
            type="button"
            className={styles.shelf}
            aria-current={chosen === shelf.id || undefined}
            onClick={() => onChoose(shelf.id)}
          >
            <span className="clip">
              {shelf.name}
              {shelf.scopeNames.length > 0 && <small className="quiet"> {shelf.scopeNames.join('、')}</small>}
            </span>
            <em>{shelf.count}</em>
          </button>
          {edit && (
            <Dropdown
              trigger={['click']}
              menu={{
                items: [
                  { key: 'edit', label: t('content.shelf.edit'), onClick: () => setOpen(shelf) },
                  {
                    key: 'up',
                    label: t('content.shelf.up'),
                    disabled: place === 0,
                    onClick: () => move(shelf.id, place - 1),
                  },
                  {
                    key: 'down',
                    label: t('content.shelf.down'),
                    disabled: place === ids.length - 1,
                    onClick: () => move(shelf.id, place + 1),
                  },
                  { key: 'remove', label: t('content.shelf.remove'), danger: true, onClick: () => void remove(shelf) },
                ],
              }}
            >
              <button type="button" className={styles.tool} aria-label={t('content.shelf.menu', { name: shelf.name })}>
                <Icon name="more" size={14} />
              </button>
            </Dropdown>
          )}
        </div>
      ))}
      {edit && (
        <Button type="text" size="small" icon={<Icon name="plus" size={12} />} onClick={() => setOpen('new')}>
          {t('content.shelf.add')}
        </Button>
      )}
      {edit && open && (
        <ShelfDialog
          shelf={open === 'new' ? undefined : open}
          scoped={edit.scoped}
          save={edit.save}
          onClose={() => setOpen(undefined)}
        />
      )}
    </nav>
  )
}

function ShelfDialog({
  shelf,
  scoped,
  save,
  onClose,
}: {
  shelf: Shelf | undefined
  scoped: boolean
  save: NonNullable<Props['edit']>['save']
  onClose: () => void
}) {
  const { t } = useTranslation()
  const [name, setName] = useState(shelf?.name ?? '')
  const [scope, setScope] = useState(shelf?.scopeDepartments ?? null)
  const [state, setState] = useState<{ busy: boolean; error?: unknown }>({ busy: false })
  const go = () => {
    setState({ busy: true })
    save(shelf?.id, { name: name.trim(), scopeDepartments: scope }).then(onClose, (error) =>
      setState({ busy: false, error }),
    )
  }
  return (
    <Modal
      open
      title={t(shelf ? 'content.shelf.edit' : 'content.shelf.add')}
      okText={t('actions.save')}
      onCancel={onClose}
      onOk={go}
      okButtonProps={{ disabled: name.trim() === '' || scope?.length === 0, loading: state.busy }}
    >
      <div className={styles.fields}>
        <Input
          autoFocus
          maxLength={20}
          aria-label={t('content.shelf.name')}
          placeholder={t('content.shelf.name')}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onPressEnter={() => name.trim() && go()}
        />
        {scoped && (
          <>
            <Segmented
              value={scope ? 'departments' : 'corp'}
              options={(['corp', 'departments'] as const).map((value) => ({
                value,
                label: t(`content.scope.${value}`),
              }))}
              onChange={(kind) => setScope(kind === 'corp' ? null : [])}
            />
            {scope && <DepartmentPick value={scope} onChange={setScope} />}
          </>
        )}
        {state.error !== undefined && <NotSaved error={state.error} />}
      </div>
    </Modal>
  )
}
