import { z } from 'zod'
import { Id, Instant } from '../../../platform/id.ts'
import { Text, WebUrl } from '../../../platform/text.ts'

/** Bytes: developer.work.weixin.qq.com/document/path/92137, 2026-11. */
const TEXT_BYTES_MAX = 4_000
const TITLE_BYTES_MAX = 128
const SUMMARY_BYTES_MAX = 512
const MINIPROGRAM_TITLE_BYTES_MAX = 64

const bytesMax = (max: number) =>
  Text.refine((value) => Buffer.byteLength(value) <= max, {
    message: `最多 ${max} 字节（约 ${Math.floor(max / 3)} 个汉字）`,
  })

export const MATERIAL_KINDS = [
  'text',
  'image',
  'video',
  'file',
  'pdf',
  'link',
  'article',
  'mini_program',
  'poster',
  'product',
] as const
export const MaterialKind = z.enum(MATERIAL_KINDS)
export type MaterialKind = z.infer<typeof MaterialKind>

const BlockText = Text.trim().min(1).max(2_000)
/** A page of ours in small pieces: whatever it was made of, nothing but these is kept. */
export const Block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('heading'), text: Text.trim().min(1).max(200) }),
  z.object({ type: z.literal('paragraph'), text: BlockText }),
  z.object({ type: z.literal('quote'), text: BlockText }),
  z.object({ type: z.literal('list'), ordered: z.boolean(), items: z.array(BlockText).min(1).max(50) }),
  z.object({ type: z.literal('picture'), fileId: Id, caption: Text.trim().max(200).default('') }),
])
export type Block = z.infer<typeof Block>

const SIDE_MAX = 2_160
const Place = { x: z.number().int(), y: z.number().int(), width: z.number().int(), height: z.number().int() }
const Colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, '要填颜色，像 #1D2320')
/** What stands on a poster, in pixels of it. */
export const PosterItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('qr'), ...Place }),
  z.object({ type: z.literal('avatar'), ...Place, round: z.boolean().default(true) }),
  z.object({
    type: z.literal('nickname'),
    ...Place,
    size: z.number().int().min(12).max(200),
    colour: Colour,
    align: z.enum(['left', 'center', 'right']).default('left'),
  }),
  z.object({
    type: z.literal('text'),
    ...Place,
    text: Text.trim().min(1).max(300),
    size: z.number().int().min(12).max(200),
    colour: Colour,
    align: z.enum(['left', 'center', 'right']).default('left'),
  }),
])
export type PosterItem = z.infer<typeof PosterItem>
export const Poster = z
  .object({
    width: z.number().int().min(300).max(SIDE_MAX),
    height: z.number().int().min(300).max(SIDE_MAX),
    colour: Colour.default('#FFFFFF'),
    backgroundId: Id.nullable().default(null),
    items: z.array(PosterItem).max(20),
  })
  .refine(
    ({ width, height, items }) =>
      items.every(
        (item) =>
          item.x >= 0 &&
          item.y >= 0 &&
          item.width >= 20 &&
          item.height >= 20 &&
          item.x + item.width <= width &&
          item.y + item.height <= height,
      ),
    { message: '有内容伸出了海报，请拖回来', path: ['items'] },
  )
export type Poster = z.infer<typeof Poster>

const OfFile = z.object({ fileId: Id })
/** What a material says, by its kind. Title, summary and cover stand beside it. */
const CONTENTS = {
  /** May hold variables. */
  text: z.object({ text: bytesMax(TEXT_BYTES_MAX).refine((text) => text.trim() !== '', '写一句话') }),
  image: OfFile,
  video: OfFile,
  file: OfFile,
  pdf: OfFile,
  link: z.object({ url: WebUrl }),
  article: z.object({
    blocks: z.array(Block).min(1).max(300),
    author: Text.trim().max(40).default(''),
    /** Where it was read, if it was. */
    source: WebUrl.nullable().default(null),
  }),
  mini_program: z.object({
    appid: z
      .string()
      .trim()
      .regex(/^wx[0-9a-zA-Z]{8,32}$/, '要填小程序的 AppID，像 wx1234567890abcdef'),
    page: Text.trim().min(1).max(1_024),
  }),
  poster: Poster,
  product: z.object({
    productNo: Text.trim().max(64).default(''),
    shop: Text.trim().max(40).default(''),
    priceFen: z.number().int().min(0).max(100_000_000_00),
    originalFen: z.number().int().min(0).max(100_000_000_00).nullable().default(null),
    url: WebUrl,
  }),
} as const satisfies Record<MaterialKind, z.ZodType>

export type ContentOf<K extends MaterialKind> = z.infer<(typeof CONTENTS)[K]>

const titleOf = (kind: MaterialKind) =>
  bytesMax(kind === 'mini_program' ? MINIPROGRAM_TITLE_BYTES_MAX : TITLE_BYTES_MAX)
    .trim()
    .min(1)
const said = <K extends MaterialKind>(kind: K) =>
  z.object({
    kind: z.literal(kind),
    title: titleOf(kind),
    summary: bytesMax(SUMMARY_BYTES_MAX).default(''),
    coverId: Id.nullable().default(null),
    content: CONTENTS[kind],
  })
/** A version of a material: its title, what stands under it, its picture, and what it says. */
export const Said = z.discriminatedUnion('kind', [
  said('text'),
  said('image'),
  said('video'),
  said('file'),
  said('pdf'),
  said('link'),
  said('article'),
  said('mini_program'),
  said('poster'),
  said('product'),
])
export type Said = z.infer<typeof Said>
export type MaterialContent = Said['content']

/** Who may send it: the whole corp, some departments with all below them, or one person. */
export const MaterialScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('corp') }),
  z.object({ kind: z.literal('departments'), departmentIds: z.array(Id).min(1).max(100) }),
  z.object({ kind: z.literal('person'), staffId: Id }),
])
export type MaterialScope = z.infer<typeof MaterialScope>
/** Of a folder or a group: whole corp or departments. */
export const FolderScope = z.array(Id).min(1).max(100).nullable()

/** PostgreSQL knows no year 0. */
const Moment = Instant.refine((at) => at >= '1900', '要填 1900 年以后的时间')
const LABELS_MAX = 10
const Labels = z
  .array(Text.trim().min(1).max(20))
  .max(LABELS_MAX)
  .transform((labels) => [...new Set(labels)])
const Settings = z.object({
  folderId: Id.nullable(),
  labels: Labels,
  validFrom: Moment.nullable(),
  validUntil: Moment.nullable(),
  scope: MaterialScope,
})
const inOrder = ({ validFrom, validUntil }: { validFrom?: string | null; validUntil?: string | null }) =>
  !validFrom || !validUntil || Date.parse(validFrom) < Date.parse(validUntil)
const IN_ORDER = { message: '结束要晚于开始', path: ['validUntil'] }

export const NewMaterial = z
  .object({
    said: Said,
    folderId: Id.nullable().default(null),
    labels: Labels.default([]),
    validFrom: Moment.nullable().default(null),
    validUntil: Moment.nullable().default(null),
    scope: MaterialScope.default({ kind: 'corp' }),
    /** Straight to staff, or to whoever approves; false: a draft. */
    publish: z.boolean().default(false),
  })
  .refine(inOrder, IN_ORDER)
export type NewMaterial = z.infer<typeof NewMaterial>
export const MaterialEdit = Settings.partial().refine(inOrder, IN_ORDER)
export type MaterialEdit = z.infer<typeof MaterialEdit>
export const NewVersion = z.object({
  said: Said,
  /** The newest version its writer had before him. */
  basedOn: z.number().int().min(1).max(1_000_000),
  publish: z.boolean().default(false),
})
export type NewVersion = z.infer<typeof NewVersion>
export const Decision = z
  .object({
    version: z.number().int().min(1).max(1_000_000),
    approve: z.boolean(),
    reason: Text.trim().max(200).default(''),
  })
  .refine(({ approve, reason }) => approve || reason !== '', { message: '写一句为什么，好改', path: ['reason'] })
export type Decision = z.infer<typeof Decision>

/** draft 草稿 · waiting 等审批 · refused 被退回 (none of them ever live) · live 可用 · planned 未到日期 · expired 已过期 · withdrawn 已下架 · deleted 已删除. */
export const MATERIAL_STATES = [
  'draft',
  'waiting',
  'refused',
  'live',
  'planned',
  'expired',
  'withdrawn',
  'deleted',
] as const
export const MaterialState = z.enum(MATERIAL_STATES)
export type MaterialState = z.infer<typeof MaterialState>
export const OPEN_STATES = ['draft', 'waiting', 'refused'] as const

export const MaterialRow = z.object({
  materialId: Id,
  kind: MaterialKind,
  title: z.string(),
  summary: z.string(),
  coverId: Id.nullable(),
  /** A picture that shows it: its cover, or itself. */
  pictureId: Id.nullable(),
  state: MaterialState,
  /** A newer version beside the live one, and how far it is. */
  open: z.enum(OPEN_STATES).nullable(),
  version: z.number().int(),
  folderId: Id.nullable(),
  folderName: z.string().nullable(),
  labels: z.array(z.string()),
  validFrom: Instant.nullable(),
  validUntil: Instant.nullable(),
  scope: MaterialScope,
  scopeNames: z.array(z.string()),
  uses: z.number().int(),
  usedAt: Instant.nullable(),
  createdBy: z.string(),
  updatedAt: Instant,
})
export type MaterialRow = z.infer<typeof MaterialRow>
export const MaterialPage = z.object({ items: z.array(MaterialRow), nextCursor: z.string().nullable() })

export const Version = z.object({
  version: z.number().int(),
  state: z.enum(['draft', 'waiting', 'refused', 'live', 'replaced']),
  said: Said,
  author: z.string(),
  madeAt: Instant,
  sentAt: Instant.nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: Instant.nullable(),
  reason: z.string(),
  /** Whoever asks may decide on it: somebody else's, waiting. */
  mayDecide: z.boolean(),
})
export type Version = z.infer<typeof Version>
const FileShown = z.object({
  fileId: Id,
  kind: z.enum(['image', 'video', 'file']),
  fileName: z.string(),
  mime: z.string(),
  sizeBytes: z.number().int(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
})
export const MaterialView = MaterialRow.extend({
  newestVersion: z.number().int(),
  /** Newest first. */
  versions: z.array(Version),
  files: z.array(FileShown),
})
export type MaterialView = z.infer<typeof MaterialView>

const Kinds = z
  .string()
  .max(200)
  .transform((text) => text.split(',').filter((kind) => kind !== ''))
  .pipe(z.array(MaterialKind).max(MATERIAL_KINDS.length))
export const MaterialQuery = z.object({
  q: Text.trim().max(60).optional(),
  kinds: Kinds.optional(),
  /** `none`: in no folder. */
  folder: z.union([Id, z.literal('none')]).optional(),
  label: Text.trim().min(1).max(20).optional(),
  /** Undefined: all but withdrawn and deleted ones. `open`: whatever waits for approval. */
  state: z.enum([...MATERIAL_STATES, 'open']).optional(),
  order: z.enum(['newest', 'used']).default('newest'),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export type MaterialQuery = z.infer<typeof MaterialQuery>

export const Folder = z.object({
  folderId: Id,
  name: z.string(),
  scopeDepartments: z.array(Id).nullable(),
  scopeNames: z.array(z.string()),
  materials: z.number().int(),
})
export const FolderList = z.object({
  folders: z.array(Folder),
  /** Of all that may be seen: in no folder, waiting for approval, in all. */
  loose: z.number().int(),
  waiting: z.number().int(),
  total: z.number().int(),
  labels: z.array(z.string()),
})
export type FolderList = z.infer<typeof FolderList>
const FolderName = Text.trim().min(1).max(20)
export const NewFolder = z.object({ name: FolderName, scopeDepartments: FolderScope.default(null) })
export type NewFolder = z.infer<typeof NewFolder>
export const FolderEdit = z.object({ name: FolderName, scopeDepartments: FolderScope }).partial()
export type FolderEdit = z.infer<typeof FolderEdit>
export const FolderOrder = z.object({ folderIds: z.array(Id).min(1).max(200) })

const PICKED_MAX = 200
const Picked = z.array(Id).min(1).max(PICKED_MAX)
export const NewMove = z.object({ materialIds: Picked, folderId: Id.nullable() })
export const PickedMaterials = z.object({ materialIds: Picked })
export const Changed = z.object({ changed: z.number().int() })

export const ContentSettings = z.object({
  asksApproval: z.boolean(),
  /** Megabytes one person may bring in a day, and the corp keep in all. */
  personDayMb: z.number().int().min(10).max(100_000).optional(),
  corpMb: z.number().int().min(100).max(10_000_000).optional(),
})
export type ContentSettings = z.infer<typeof ContentSettings>
export const ContentSettingsView = ContentSettings.required().extend({
  /** Kept by the corp so far, and brought by whoever asks today. */
  usedMb: z.number(),
  todayMb: z.number(),
})
export type ContentSettingsView = z.infer<typeof ContentSettingsView>
/** What pieces are called: for rules and lists that hold their numbers. */
export const Titles = z.object({
  items: z.array(z.object({ materialId: Id, title: z.string(), state: MaterialState })),
})

export const PageImport = z.object({ url: WebUrl, as: z.enum(['article', 'link']) })
export type PageImport = z.infer<typeof PageImport>

/** What a search of the library finds: materials and scripts in one list. */
export const LibraryQuery = z.object({
  q: Text.trim().max(60).default(''),
  kinds: z
    .string()
    .max(200)
    .transform((text) => text.split(',').filter((kind) => kind !== ''))
    .pipe(z.array(z.enum([...MATERIAL_KINDS, 'script'])).max(MATERIAL_KINDS.length + 1))
    .optional(),
  limit: z.coerce.number().int().min(1).max(50).default(20),
})
export const Found = z.object({
  piece: z.enum(['material', 'script']),
  id: Id,
  kind: z.enum([...MATERIAL_KINDS, 'script']),
  title: z.string(),
  /** What is told of it: a summary, or the words around what was found. */
  snippet: z.string(),
  pictureId: Id.nullable(),
  version: z.number().int(),
  uses: z.number().int(),
  /** Where it was found; `recent` where nothing was asked for. */
  where: z.enum(['title', 'text', 'recent']),
  /** Of a script: the member's own library. */
  own: z.boolean(),
})
export type Found = z.infer<typeof Found>
export const FoundList = z.object({ items: z.array(Found) })
