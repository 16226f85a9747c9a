import type { ShownWhen } from '../../../server/src/modules/content/forms/visible-fields.ts'

export interface Field {
  key: string
  kind: 'text' | 'long_text' | 'choice' | 'choices' | 'number' | 'date' | 'phone' | 'region' | 'rating' | 'file'
  label: string
  hint: string
  required: boolean
  options: string[]
  min: number | null
  max: number | null
  when: ShownWhen | null
}
export type Purpose = 'profile' | 'phone' | 'news'
export interface Form {
  title: string
  intro: string
  action: string
  privacy: string
  fields: Field[]
  consents: { purpose: Purpose; text: string }[]
}

/** What the server put into the page when it was opened. */
export type Boot =
  | { is: 'gone' }
  | { is: 'shut'; corp: string; title: string; why: string }
  | { is: 'draft' }
  | { is: 'form'; corp: string; staff: string | null; form: Form; visit: string; preview: boolean }

export const boot = JSON.parse(document.getElementById('boot')?.textContent ?? '{"is":"gone"}') as Boot
