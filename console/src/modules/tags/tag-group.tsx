import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Float } from '../../ui/float.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useCan } from '../staff/session.ts'
import { NameEditor } from './name-editor.tsx'
import { moveId } from './order-tags.ts'
import styles from './tags.module.css'
import { type Group, type Tag, useTagChanges } from './use-tags.ts'

interface Props {
  group: Group
  shown: Tag[]
  groupIds: string[]
  mayWrite: boolean
}

export function TagGroup({ group, shown, groupIds, mayWrite }: Props) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const { editGroup, deleteGroup, orderGroups, createTag } = useTagChanges()
  const [renaming, setRenaming] = useState(false)
  const [adding, setAdding] = useState(false)
  const path = { tagGroupId: group.tagGroupId }
  const move = (step: -1 | 1) => {
    const order = moveId(groupIds, group.tagGroupId, step)
    return order && (() => orderGroups.mutate({ body: { tagGroupIds: order } }))
  }
  const askDelete = () => {
    const used = group.tags.reduce((n, { contacts }) => n + contacts, 0)
    void modal.confirm({
      title: t('tags.deleteGroupTitle', { name: group.name, tags: group.tags.length }),
      content: used > 0 ? t('tags.deleteGroupWhy', { n: used }) : t('tags.deleteTagNobody'),
      icon: null,
      okText: t('tags.deleteGroup'),
      okButtonProps: { danger: true },
      cancelText: t('tags.keep'),
      onOk: () => deleteGroup.mutateAsync({ params: { path } }).catch(() => undefined), // the refusal is said by the toast
    })
  }
  const title = renaming ? (
    <NameEditor
      initial={group.name}
      label={t('tags.groupName')}
      busy={editGroup.isPending}
      onCancel={() => setRenaming(false)}
      onSave={(name) => editGroup.mutate({ params: { path }, body: { name } }, { onSuccess: () => setRenaming(false) })}
    />
  ) : (
    group.name
  )
  const tools = mayWrite && !renaming && (
    <span className={styles.tools}>
      <ToolButton icon="edit" label={t('tags.rename')} onClick={() => setRenaming(true)} />
      <ToolButton icon="up" label={t('tags.groupUp')} onClick={move(-1)} />
      <ToolButton icon="down" label={t('tags.groupDown')} onClick={move(1)} />
      <ToolButton icon="trash" label={t('tags.deleteGroup')} onClick={askDelete} />
    </span>
  )
  return (
    <Panel title={title} sub={renaming ? undefined : group.tags.length} extra={tools}>
      <div className={styles.tags}>
        {shown.map((tag) => (
          <TagItem key={tag.tagId} tag={tag} group={group} mayWrite={mayWrite} />
        ))}
        {mayWrite &&
          (adding ? (
            <NameEditor
              initial=""
              label={t('tags.newTag')}
              busy={createTag.isPending}
              onCancel={() => setAdding(false)}
              onSave={(name) =>
                createTag.mutate(
                  { body: { tagGroupId: group.tagGroupId, name } },
                  { onSuccess: () => setAdding(false) },
                )
              }
            />
          ) : (
            <button type="button" className={styles.dashed} onClick={() => setAdding(true)}>
              <Icon name="plus" size={12} />
              {t('tags.newTag')}
            </button>
          ))}
      </div>
    </Panel>
  )
}

function ToolButton({
  icon,
  label,
  onClick,
}: {
  icon: 'edit' | 'up' | 'down' | 'trash'
  label: string
  onClick: (() => void) | undefined
}) {
  return (
    <button
      type="button"
      className={styles.tool}
      aria-label={label}
      title={label}
      disabled={!onClick}
      onClick={onClick}
    >
      <Icon name={icon} size={15} />
    </button>
  )
}

function TagItem({ tag, group, mayWrite }: { tag: Tag; group: Group; mayWrite: boolean }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const { renameTag, deleteTag, editGroup } = useTagChanges()
  const mayRule = useCan('segments.write') && mayWrite
  const [open, setOpen] = useState(false)
  const [renaming, setRenaming] = useState(false)
  const path = { tagId: tag.tagId }
  const ids = group.tags.map(({ tagId }) => tagId)
  const move = (step: -1 | 1) => {
    const tagIds = moveId(ids, tag.tagId, step)
    return tagIds && (() => editGroup.mutate({ params: { path: { tagGroupId: group.tagGroupId } }, body: { tagIds } }))
  }
  const askDelete = () => {
    setOpen(false)
    void modal.confirm({
      title: t('tags.deleteTagTitle', { name: tag.name }),
      content: tag.contacts > 0 ? t('tags.deleteTagWhy', { n: tag.contacts }) : t('tags.deleteTagNobody'),
      icon: null,
      okText: t('tags.deleteTag'),
      okButtonProps: { danger: true },
      cancelText: t('tags.keep'),
      onOk: () => deleteTag.mutateAsync({ params: { path } }).catch(() => undefined),
    })
  }
  if (renaming) {
    return (
      <NameEditor
        initial={tag.name}
        label={t('tags.rename')}
        busy={renameTag.isPending}
        onCancel={() => setRenaming(false)}
        onSave={(name) =>
          renameTag.mutate({ params: { path }, body: { name } }, { onSuccess: () => setRenaming(false) })
        }
      />
    )
  }
  const [left, right] = [move(-1), move(1)]
  const menu = (
    <div className={styles.menu}>
      <p>
        {tag.contacts > 0 ? t('tags.used', { n: tag.contacts }) : t('tags.unused')}
        {!tag.inWecom && <> · {t('tags.onWay')}</>}
      </p>
      {tag.contacts > 0 && (
        <Link to={`/contacts?tag=${tag.tagId}`}>
          <Icon name="people" size={15} />
          {t('actions.seeThem')}
        </Link>
      )}
      {mayRule && (
        <Link to={`/auto-tags/new?tag=${tag.tagId}`}>
          <Icon name="refresh" size={15} />
          {t('autoTags.forTag')}
        </Link>
      )}
      {mayWrite && (
        <>
          <button
            type="button"
            onClick={() => {
              setOpen(false)
              setRenaming(true)
            }}
          >
            <Icon name="edit" size={15} />
            {t('tags.rename')}
          </button>
          <button type="button" disabled={!left} onClick={left}>
            <Icon name="left" size={15} />
            {t('tags.up')}
          </button>
          <button type="button" disabled={!right} onClick={right}>
            <Icon name="right" size={15} />
            {t('tags.down')}
          </button>
          <button type="button" className={styles.danger} onClick={askDelete}>
            <Icon name="trash" size={15} />
            {t('tags.deleteTag')}
          </button>
        </>
      )}
    </div>
  )
  return (
    <Float open={open} onOpenChange={setOpen} label={tag.name} content={menu}>
      <button type="button" className={`${styles.tag} ${tag.inWecom ? '' : styles.pending}`}>
        <span>{tag.name}</span>
        <small>{tag.contacts}</small>
        {!tag.inWecom && (
          <span className="warn" title={t('tags.onWay')}>
            <Icon name="clock" size={13} label={t('tags.onWay')} />
          </span>
        )}
      </button>
    </Float>
  )
}
