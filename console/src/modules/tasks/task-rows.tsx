import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Avatar } from '../../ui/avatar.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Ago, Moment } from '../../ui/time.tsx'
import { useCan, useSession } from '../staff/session.ts'
import { EndDialog } from './end-dialog.tsx'
import { TaskDialog } from './task-dialog.tsx'
import styles from './tasks.module.css'
import { type Task, useEnd } from './use-tasks.ts'

/** Tasks one below the other; a row opens whom it is for. */
export function TaskRows({
  rows,
  openId,
  onOpen,
}: {
  rows: Task[]
  openId: string | undefined
  onOpen: (contactId: string) => void
}) {
  const { t } = useTranslation()
  const who = ({ contact }: Task) =>
    contact ? (
      <span className={styles.who}>
        <Avatar name={contact.name} src={contact.avatar} />
        {contact.name}
      </span>
    ) : (
      <span className="quiet">{t('tasks.nobody')}</span>
    )
  const columns: Column<Task>[] = [
    { key: 'what', title: t('tasks.what'), width: '28%', cell: (task) => <What task={task} /> },
    { key: 'contact', title: t('tasks.contact'), width: '18%', cell: who },
    { key: 'staff', title: t('tasks.who'), width: 110, cell: (task) => task.staffName },
    { key: 'due', title: t('tasks.due'), width: 140, cell: (task) => <Due task={task} /> },
    { key: 'state', title: t('tasks.result'), cell: (task) => <Result task={task} /> },
    { key: 'act', title: t('tasks.act'), width: 150, align: 'right', cell: (task) => <Act task={task} /> },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={(task) => task.taskId}
      label={t('tasks.list')}
      openKey={rows.find(({ contact }) => contact?.contactId === openId)?.taskId}
      onOpen={({ contact }) => contact && onOpen(contact.contactId)}
      minWidth={860}
      card={(task) => (
        <span className={styles.card}>
          <What task={task} />
          <span className={styles.cardMeta}>
            {who(task)}
            <span>{task.staffName}</span>
            <Due task={task} />
          </span>
          {task.state === 'open' ? <Act task={task} /> : <Result task={task} />}
        </span>
      )}
    />
  )
}

function What({ task }: { task: Task }) {
  return (
    <span className={styles.what} title={task.note || task.title}>
      <b>{task.title}</b>
      {task.note && <span className="quiet">{task.note}</span>}
      {task.card && (
        <Link
          className={styles.ofCard}
          to={`/tasks?view=cards&card=${task.card.workCardId}`}
          onClick={(event) => event.stopPropagation()}
        >
          {task.card.title}
        </Link>
      )}
    </span>
  )
}

export function Due({ task }: { task: Task }) {
  const { t } = useTranslation()
  return (
    <span className={task.late ? styles.late : 'soft'}>
      <Moment at={task.dueAt} />
      {task.late && ` · ${t('tasks.late')}`}
    </span>
  )
}

function Result({ task }: { task: Task }) {
  const { t } = useTranslation()
  if (task.state === 'open') return <span className="quiet">{t('tasks.askedBy', { by: task.actor })}</span>
  return (
    <span title={task.outcome}>
      {t(`tasks.state.${task.state}`)}
      <span className="quiet">
        {' · '}
        {task.endedBy} {task.endedAt && <Ago at={task.endedAt} />}
        {task.outcome && ` · ${task.outcome}`}
      </span>
    </span>
  )
}

/** What may be done with a task by whoever is signed in: his own, or everybody’s he may assign to. */
export function Act({ task }: { task: Task }) {
  const { t } = useTranslation()
  const { staffId } = useSession()
  const [mayWrite, mayAssign] = [useCan('tasks.write'), useCan('tasks.assign')]
  const [open, setOpen] = useState<'end' | 'edit'>()
  const { reopen } = useEnd()
  if (!mayWrite || !(mayAssign || task.staffId === staffId)) return null
  if (task.state !== 'open')
    return task.reopenUntil ? (
      <Button
        size="small"
        onClick={(event) => {
          event.stopPropagation()
          reopen(task.taskId)
        }}
      >
        {t('tasks.reopen')}
      </Button>
    ) : null
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps presses of its buttons from opening the row
    // biome-ignore lint/a11y/useKeyWithClickEvents: the same
    <span className={styles.acts} onClick={(event) => event.stopPropagation()}>
      <Button size="small" onClick={() => setOpen('edit')}>
        {t('tasks.change')}
      </Button>
      <Button size="small" type="primary" ghost onClick={() => setOpen('end')}>
        {t('tasks.finish')}
      </Button>
      {open === 'end' && <EndDialog task={task} onClose={() => setOpen(undefined)} />}
      {open === 'edit' && <TaskDialog task={task} onClose={() => setOpen(undefined)} />}
    </span>
  )
}
