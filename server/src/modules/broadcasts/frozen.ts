import { sha256 } from '../../platform/secrets.ts'
import type { MaterialContent, MaterialKind } from '../content/materials/schema.ts'
import type { Audience, Senders } from './schema.ts'

/** A material as it was when the run was planned: what is written into it later changes nothing. */
export interface FrozenMaterial {
  materialId: string
  version: number
  kind: MaterialKind
  title: string
  summary: string
  cover: string | null
  content: MaterialContent
}

export interface FrozenVariant {
  weight: number
  text: string
  attachments: FrozenMaterial[]
}

/** What a run says, to whom and by whom, as it was asked for. */
export interface FrozenContent {
  name: string
  topic: string
  priority: number
  holdout: number
  windowDays: number
  audience: Audience
  senders: Senders
  variants: FrozenVariant[]
  scope: string[] | null
}

export interface FrozenChunk {
  number: number
  staffId: string
  variant: number
  text: string
  contactIds: readonly string[]
}

/** JSON whose keys are in order: what the database gives back hashes like what it was given. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, held]) => held !== undefined)
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, held]) => `${JSON.stringify(key)}:${canonical(held)}`)
    .join(',')}}`
}

/** What one task holds: the words, the member, everybody it is for, and what goes along. */
export const chunkHash = (chunk: FrozenChunk, variant: FrozenVariant): Buffer =>
  sha256(
    [
      ...[chunk.number, chunk.staffId, chunk.variant, JSON.stringify(chunk.text), canonical(variant.attachments)],
      chunk.contactIds.join(','),
    ].join('\n'),
  )

export const runHash = (content: FrozenContent, chunks: readonly Buffer[]): Buffer =>
  sha256(`${canonical(content)}\n${chunks.map((hash) => hash.toString('hex')).join('\n')}`)
