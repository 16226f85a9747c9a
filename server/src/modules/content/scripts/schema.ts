import { z } from 'zod'
import { Id, Instant } from '../../../platform/id.ts'
import { Text } from '../../../platform/text.ts'
import { FolderScope, MATERIAL_KINDS, MATERIAL_STATES } from '../materials/schema.ts'

/** Bytes of one message: developer.work.weixin.qq.com/document/path/92137, 2026-11. */
const TEXT_BYTES_MAX = 4_000
const PARTS_MAX = 10
const KEYWORDS_MAX = 20

export const ScriptPart = z.discriminatedUnion('type', [
  /** May hold variables. */
  z.object({
    type: z.literal('text'),
    text: Text.refine((text) => text.trim() !== '', '写一句话').refine(
      (text) => Buffer.byteLength(text) <= TEXT_BYTES_MAX,
      { message: `最多 ${TEXT_BYTES_MAX} 字节（约 ${Math.floor(TEXT_BYTES_MAX / 3)} 个汉字）` },
    ),
  }),
  z.object({ type: z.literal('image'), fileId: Id }),
  z.object({ type: z.literal('material'), materialId: Id }),
])
export type ScriptPart = z.infer<typeof ScriptPart>

export const NewScript = z.object({
  scriptGroupId: Id,
  title: Text.trim().min(1).max(40),
  keywords: z
    .array(Text.trim().min(1).max(20))
    .max(KEYWORDS_MAX)
    .transform((words) => [...new Set(words)])
    .default([]),
  parts: z.array(ScriptPart).min(1).max(PARTS_MAX),
  /** Where a customer stands to whom this is said. */
  stageIds: z.array(Id).max(50).default([]),
  /** One of the short ones at hand all day. */
  isQuick: z.boolean().default(false),
})
export type NewScript = z.infer<typeof NewScript>

/** A part as it is shown: with the material it points to. */
const PartShown = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image'), fileId: Id }),
  z.object({
    type: z.literal('material'),
    materialId: Id,
    title: z.string(),
    kind: z.enum(MATERIAL_KINDS),
    pictureId: Id.nullable(),
    state: z.enum(MATERIAL_STATES),
  }),
])
export const Script = z.object({
  scriptId: Id,
  scriptGroupId: Id,
  groupName: z.string(),
  own: z.boolean(),
  title: z.string(),
  keywords: z.array(z.string()),
  parts: z.array(PartShown),
  stages: z.array(z.object({ stageId: Id, name: z.string() })),
  isQuick: z.boolean(),
  version: z.number().int(),
  uses: z.number().int(),
  usedAt: Instant.nullable(),
  createdBy: z.string(),
  updatedAt: Instant,
})
export type Script = z.infer<typeof Script>
export const ScriptPage = z.object({ items: z.array(Script), nextCursor: z.string().nullable() })
export const ScriptQuery = z.object({
  q: Text.trim().max(60).optional(),
  group: Id.optional(),
  quick: z.enum(['0', '1']).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,9}_\d{1,9}_[1-9]\d{0,17}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export type ScriptQuery = z.infer<typeof ScriptQuery>

export const ScriptGroup = z.object({
  scriptGroupId: Id,
  name: z.string(),
  scopeDepartments: z.array(Id).nullable(),
  scopeNames: z.array(z.string()),
  scripts: z.number().int(),
})
export const ScriptGroupList = z.object({ items: z.array(ScriptGroup) })
const GroupName = Text.trim().min(1).max(20)
export const NewScriptGroup = z.object({ name: GroupName, scopeDepartments: FolderScope.default(null) })
export type NewScriptGroup = z.infer<typeof NewScriptGroup>
export const ScriptGroupEdit = z.object({ name: GroupName, scopeDepartments: FolderScope }).partial()
export type ScriptGroupEdit = z.infer<typeof ScriptGroupEdit>
export const GroupOrder = z.object({ scriptGroupIds: z.array(Id).min(1).max(200) })
export const ScriptOrder = z.object({ scriptGroupId: Id, scriptIds: z.array(Id).min(1).max(500) })

/** Why something is suggested: it answers what he said, it belongs to where he stands, the member said it last, colleagues say it often, it is at hand. */
export const REASONS = ['said', 'stage', 'recent', 'often', 'quick'] as const
export const Suggestion = Script.extend({
  reasons: z.array(z.object({ code: z.enum(REASONS), words: z.array(z.string()), stage: z.string().nullable() })),
})
export type Suggestion = z.infer<typeof Suggestion>
export const SuggestionQuery = z.object({
  /** What he just said, where the page knows it. */
  said: Text.trim().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(20).default(8),
})
export const SuggestionList = z.object({
  /** What they were chosen by. */
  said: z.string().nullable(),
  saidAt: Instant.nullable(),
  items: z.array(Suggestion),
})
