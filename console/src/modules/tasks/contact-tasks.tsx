import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { useCan } from '../staff/session.ts'
import { TaskDialog } from './task-dialog.tsx'
import { Act, Due } from './task-rows.tsx'
import styles from './tasks.module.css'

const SHOWN = 5

/** What is still to be done for a customer. */
export function ContactTasks({ contact }: { contact: Answer<'/api/contacts/{contactId}'> }) {
  const { t } = useTranslation()
  const [may, mayWrite] = [useCan('tasks.read'), useCan('tasks.write')]
  const [writing, setWriting] = useState(false)
  const { contactId, name } = contact
  const open = api.useQuery(
    'get',
    '/api/tasks',
    { params: { query: { contactId, view: 'open', limit: SHOWN } } },
    { enabled: may },
  )
  if (!open.data) return null
  const { items, nextCursor } = open.data
  const staff = contact.follows.filter((one) => one.lostAt === null).map((one) => ({ ...one, name: one.staffName }))
  return (
    <section className={styles.section} aria-label={t('tasks.todo')}>
      <header>
        <h3>{t('tasks.todo')}</h3>
        {mayWrite && staff.length > 0 && (
          <button type="button" className="textlink small" onClick={() => setWriting(true)}>
            {t('tasks.new')}
          </button>
        )}
      </header>
      {items.length === 0 && <p className="quiet small">{t('tasks.nothingTodo')}</p>}
      {items.map((task) => (
        <div key={task.taskId} className={styles.todo}>
          <span>
            <b>{task.title}</b>
            <small>
              {task.staffName} · <Due task={task} />
            </small>
          </span>
          <Act task={task} />
        </div>
      ))}
      {nextCursor && <Link to="/tasks">{t('tasks.more')}</Link>}
      {writing && <TaskDialog contact={{ contactId, name, staff }} onClose={() => setWriting(false)} />}
    </section>
  )
}
