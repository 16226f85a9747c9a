import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useNow } from '../../ui/clock.ts'
import { NotSaved } from '../../ui/states.tsx'
import { useCan } from '../staff/session.ts'
import { firstDue, fromLocal, toLocal } from './due.ts'
import { DueField } from './due-field.tsx'
import styles from './tasks.module.css'
import { refreshTasks, type Task } from './use-tasks.ts'

const STAFF_MAX = 200

interface Props {
  /** To be changed; without it a new one is written. */
  task?: Task
  /** For whom a new one is. */
  contact?: { contactId: string; name: string; staff: { staffId: string; name: string }[] }
  onClose: () => void
}

/** What is to be done, by whom and by when. */
export function TaskDialog({ task, contact, onClose }: Props) {
  const { t } = useTranslation()
  const now = useNow()
  const mayAssign = useCan('tasks.assign')
  const [title, setTitle] = useState(task?.title ?? '')
  const [note, setNote] = useState(task?.note ?? '')
  const [due, setDue] = useState(toLocal(task ? new Date(task.dueAt) : firstDue(now)))
  const [remindMinutes, setRemind] = useState(task ? task.remindMinutes : 0)
  const [staffId, setStaffId] = useState(task?.staffId)
  const everybody = api.useQuery(
    'get',
    '/api/staff',
    { params: { query: { limit: STAFF_MAX } } },
    { enabled: mayAssign && !contact },
  )
  const people = contact?.staff ?? everybody.data?.items ?? []
  const done = () => {
    refreshTasks()
    onClose()
  }
  const add = api.useMutation('post', '/api/tasks', { onSuccess: done })
  const edit = api.useMutation('patch', '/api/tasks/{taskId}', { onSuccess: done })
  const at = fromLocal(due)
  const ready = title.trim() !== '' && at !== undefined
  const error = add.error ?? edit.error
  const save = () => {
    if (!ready || !at) return
    const body = { title: title.trim(), note: note.trim(), dueAt: at.toISOString(), remindMinutes }
    if (!task)
      return add.mutate({
        body: { ...body, ...(staffId ? { staffId } : {}), ...(contact && { contactId: contact.contactId }) },
      })
    const moved = at.getTime() !== new Date(task.dueAt).getTime()
    const { dueAt, ...rest } = body
    const given = { ...rest, ...(moved ? { dueAt } : {}), ...(staffId && staffId !== task.staffId ? { staffId } : {}) }
    edit.mutate({ params: { path: { taskId: task.taskId } }, body: given })
  }
  return (
    <Modal
      open
      title={task ? t('tasks.edit') : contact ? t('tasks.newFor', { name: contact.name }) : t('tasks.new')}
      okText={t('tasks.save')}
      cancelText={t('actions.cancel')}
      okButtonProps={{ disabled: !ready, loading: add.isPending || edit.isPending }}
      onOk={save}
      onCancel={onClose}
    >
      <div className={styles.form}>
        <Input
          autoFocus
          aria-label={t('tasks.what')}
          placeholder={t('tasks.whatHint')}
          maxLength={40}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          onPressEnter={save}
        />
        <DueField due={due} remindMinutes={remindMinutes} onDue={setDue} onRemind={setRemind} />
        {mayAssign && !task?.card && people.length > 0 && (
          <Select
            aria-label={t('tasks.who')}
            placeholder={t('tasks.myself')}
            allowClear={!task}
            showSearch={{ optionFilterProp: 'label' }}
            value={staffId ?? null}
            onChange={(id) => setStaffId(id ?? undefined)}
            options={people.map((one) => ({ value: one.staffId, label: one.name }))}
          />
        )}
        <Input.TextArea
          aria-label={t('tasks.note')}
          placeholder={t('tasks.noteHint')}
          maxLength={500}
          autoSize={{ minRows: 2, maxRows: 6 }}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        {error && <NotSaved error={error} />}
      </div>
    </Modal>
  )
}
