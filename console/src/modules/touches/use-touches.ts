import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'

export type Policy = Omit<Answer<'/api/touch-policy'>, 'version' | 'savedBy' | 'savedAt'>
export type Cap = Policy['caps'][number]
export type Touch = Answer<'/api/touches'>[number]
export type FateName = Answer<'/api/contacts/{contactId}/touches'>['items'][number]['fate']
type Counts = Partial<Record<FateName, number>>
export type Channel = Touch['channel']

export const CHANNELS = ['mass', 'chat', 'moment'] as const satisfies readonly Channel[]

/** Fates by what they mean to whoever planned it. */
export const GROUPS = {
  /** Has a place, or is being reached. */
  planned: ['reserved', 'sending', 'asked', 'unknown'],
  sent: ['sent'],
  /** Left alone before anything was sent. */
  skipped: [
    'noFriend',
    'refused',
    'noAgreement',
    'forbiddenTag',
    'heldOut',
    'heldOutHere',
    'capped',
    'platformFull',
    'memberFull',
    'displaced',
    'released',
  ],
  failed: ['notFriend', 'overPlatform', 'notSent', 'failed'],
} as const satisfies Record<string, readonly FateName[]>

export const countOf = (counts: Counts, fates: readonly FateName[]): number =>
  fates.reduce((sum, fate) => sum + (counts[fate] ?? 0), 0)

export const usePolicy = () => api.useQuery('get', '/api/touch-policy', {})
