import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'

export type Summary = Answer<'/api/forms'>['items'][number]
export type Form = Answer<'/api/forms/{formId}'>
export type Content = Form['draft']
export type Field = Content['fields'][number]
export type Kind = Field['kind']
export type Stats = Answer<'/api/forms/{formId}/stats'>
export type FormAnswer = Answer<'/api/forms/{formId}/answers'>['items'][number]
export type Purpose = Content['consents'][number]['purpose']

export const KINDS: Kind[] = [
  'choice',
  'choices',
  'text',
  'long_text',
  'number',
  'rating',
  'date',
  'phone',
  'region',
  'file',
]
export const isChosen = ({ kind }: Pick<Field, 'kind'>) => kind === 'choice' || kind === 'choices'
export const isPrivate = ({ kind, isPrivate: told }: Pick<Field, 'kind' | 'isPrivate'>) =>
  told || kind === 'phone' || kind === 'file'

export function refreshForms(): void {
  for (const path of ['/api/forms', '/api/forms/{formId}', '/api/forms/{formId}/stats', '/api/forms/{formId}/answers'])
    void queryClient.invalidateQueries({ queryKey: ['get', path] })
}

export const useForm = (formId: string) => api.useQuery('get', '/api/forms/{formId}', { params: { path: { formId } } })
