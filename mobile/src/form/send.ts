import type { AnswerValue } from '../../../server/src/modules/content/forms/visible-fields.ts'
import { ask, Refused } from '../api/ask.ts'
import type { Purpose } from './boot.ts'

export interface Thanks {
  words: string
  hasCode: boolean
  codeOf: string | null
  material: { title: string; path: string } | null
}
export interface Given {
  answers: Record<string, AnswerValue>
  consents: Purpose[]
  website: string
}

export const tell = (visit: string, what: 'opened' | 'started') =>
  ask<void>('POST', '/forms/visits', { visit, what }).catch(() => {}) // only counted, and not worth a word

export const submit = (visit: string, given: Given) => ask<Thanks>('POST', '/forms/answers', { visit, ...given })

/** The file itself, and nothing of what it was called. */
export async function upload(visit: string, field: string, file: File): Promise<string> {
  const reply = await fetch('/api/m/forms/files', {
    method: 'POST',
    headers: { 'content-type': typeOf(file), 'x-form-visit': visit, 'x-form-field': field },
    body: file,
  }).catch(() => {
    throw new Refused('offline', 0, '')
  })
  const answer = (await reply.json().catch(() => ({}))) as { fileId?: string; code?: string; message?: string }
  if (!reply.ok || !answer.fileId) throw new Refused(answer.code ?? '', reply.status, answer.message ?? '')
  return answer.fileId
}

const typeOf = ({ type }: File) =>
  ['image/png', 'image/jpeg', 'application/pdf'].includes(type) ? type : 'application/octet-stream'

const KEPT = `siyu-form ${location.pathname}`
/** What was typed outlives a reload, in this tab alone; files do not. */
export const keep = (answers: Record<string, AnswerValue>) => {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(answers))
  } catch {
    // a full or closed storage costs no more than typing again
  }
}
export const forget = () => sessionStorage.removeItem(KEPT)
export function kept(): Record<string, AnswerValue> {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? '{}') as Record<string, AnswerValue>
  } catch {
    return {}
  }
}

export const say = (error: unknown): string =>
  error instanceof Refused && error.code === 'offline'
    ? '没有网，填好的还在，恢复后再交。'
    : error instanceof Error && error.message
      ? error.message
      : '没有交成，请再试一次。'
