import type { Tx } from '../../platform/db.ts'
import type { Actor } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import type { NewTask, TaskEnd } from './schema.ts'
import { addTask, endTask, reopenTask } from './service.ts'

// What people do with tasks, at a desk or beside a chat, each with its line in the audit log.

export async function addRecorded(tx: Tx, actor: Actor, task: NewTask, at: Date): Promise<string> {
  const id = await addTask(tx, actor.corpId, task, actor, at)
  const { title, dueAt, contactId, staffId } = task
  const detail = { title, dueAt, contactId, staffId }
  await recordAudit(tx, actor, { action: 'task.create', kind: 'task', id, detail, at })
  return id
}

export async function endRecorded(tx: Tx, actor: Actor, taskId: string, end: TaskEnd, at: Date): Promise<void> {
  await endTask(tx, actor.corpId, taskId, end, actor, at)
  await recordAudit(tx, actor, { action: `task.${end.as}`, kind: 'task', id: taskId, detail: end, at })
}

export async function reopenRecorded(tx: Tx, actor: Actor, taskId: string, at: Date): Promise<void> {
  await reopenTask(tx, actor.corpId, taskId, actor, at)
  await recordAudit(tx, actor, { action: 'task.reopen', kind: 'task', id: taskId, detail: {}, at })
}
