import { z } from 'zod'
import { Id, Instant } from '../../../platform/id.ts'
import { Text } from '../../../platform/text.ts'

const FIELD_KINDS = [
  'text',
  'long_text',
  'choice',
  'choices',
  'number',
  'date',
  'phone',
  'region',
  'rating',
  'file',
] as const

const FIELDS_MAX = 40
const OPTIONS_MAX = 30
export const FILES_MAX = 6
const PLACEMENT_MAX = 20

/** How an answer is called in the journal, so that rules can ask for it. */
const FieldKey = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,19}$/, '以小写字母开头，只用小写字母、数字和下划线，最长 20 个')
  .refine((key) => !RESERVED.has(key), '这个名字留给系统用了，换一个')
/** What else stands in an event of a form. */
const RESERVED = new Set(['form', 'title', 'placement', 'version', 'constructor', 'prototype'])

const Option = Text.trim().min(1).max(30)
export const FormField = z.object({
  key: FieldKey,
  kind: z.enum(FIELD_KINDS),
  label: Text.trim().min(1).max(40),
  hint: Text.trim().max(60).default(''),
  required: z.boolean().default(false),
  /** Of a choice or choices. */
  options: z
    .array(Option)
    .max(OPTIONS_MAX)
    .refine((all) => new Set(all).size === all.length, '有两个选项一样')
    .default([]),
  /** Characters, the number itself, how many are ticked, how many files: by kind. */
  min: z.number().min(-1e9).max(1e9).nullable().default(null),
  max: z.number().min(-1e9).max(1e9).nullable().default(null),
  /** A name, an address: kept sealed and told to no rule. Phone numbers and files always are. */
  isPrivate: z.boolean().default(false),
  /** Shown when an earlier choice is one of these. */
  when: z
    .object({ field: FieldKey, is: z.array(Option).min(1).max(OPTIONS_MAX) })
    .nullable()
    .default(null),
  /** Into a field of the corp's own, or the remark of whoever's link it is. */
  into: z
    .discriminatedUnion('to', [
      z.object({ to: z.literal('field'), contactFieldId: Id }),
      z.object({ to: z.literal('remark') }),
    ])
    .nullable()
    .default(null),
})
export type FormField = z.infer<typeof FormField>

/** What an answer may be used for beside being read; each is asked for by itself, and none is asked of anybody. */
export const PURPOSES = ['profile', 'phone', 'news'] as const
export type Purpose = (typeof PURPOSES)[number]
const Consent = z.object({
  purpose: z.enum(PURPOSES),
  text: Text.trim().min(4).max(200),
  /** Counts up when the words change; given when the form is published. */
  version: z.number().int().min(0).max(10_000).default(0),
})

const When = Instant.nullable().default(null)
const Limit = z.number().int().min(1).max(1_000_000).nullable().default(null)
export const FormContent = z.object({
  title: Text.trim().min(1).max(30),
  intro: Text.trim().max(200).default(''),
  /** On the button. */
  action: Text.trim().min(1).max(8).default('提交'),
  fields: z.array(FormField).max(FIELDS_MAX).default([]),
  consents: z.array(Consent).max(PURPOSES.length).default([]),
  /** Who sees it and how to have it deleted, as the customer reads it. */
  privacy: Text.trim().min(1).max(200).default('答案只给本店看，不转给别人。想删除，随时告诉店员。'),
  limits: z
    .object({ total: Limit, perPerson: Limit, opensAt: When, closesAt: When })
    .default({ total: null, perPerson: 1, opensAt: null, closesAt: null }),
  thanks: z
    .object({
      words: Text.trim().min(1).max(200),
      /** Shows the code of whoever's link it is, where he has one of his own. */
      addStaff: z.boolean().default(false),
      /** A code for everybody else. */
      channelCodeId: Id.nullable().default(null),
      /** Something to read afterwards. */
      materialId: Id.nullable().default(null),
    })
    .default({ words: '收到了，谢谢您。', addStaff: false, channelCodeId: null, materialId: null }),
  tell: z.object({ opened: z.boolean(), submitted: z.boolean() }).default({ opened: false, submitted: true }),
})
export type FormContent = z.infer<typeof FormContent>

const FORM_STATES = ['draft', 'open', 'closed'] as const
export const FormSummary = z.object({
  formId: Id,
  title: z.string(),
  state: z.enum(FORM_STATES),
  version: z.number().int().nullable(),
  /** The draft says something else than what customers see. */
  changed: z.boolean(),
  fields: z.number().int(),
  placements: z.number().int(),
  opened: z.number().int(),
  answers: z.number().int(),
  lastAt: Instant.nullable(),
  updatedAt: Instant,
  createdBy: z.string(),
})
export type FormSummary = z.infer<typeof FormSummary>

export const FormView = FormSummary.extend({ revision: z.number().int(), draft: FormContent })
export type FormView = z.infer<typeof FormView>

export const NewForm = z.object({ content: FormContent.optional(), copyOf: Id.optional() })
export const FormEdit = z.object({
  revision: z
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  content: FormContent,
})
export const FormState = z.object({ open: z.boolean() })

export const Placement = Text.trim().min(1).max(PLACEMENT_MAX)
const STAFF_MAX = 200
export const NewLinks = z.object({
  placement: Placement,
  /** A link for each; none: one for the shop. */
  staffIds: z.array(Id).max(STAFF_MAX).default([]),
})
export const FormLink = z.object({
  linkId: Id,
  placement: z.string(),
  staffId: Id.nullable(),
  staffName: z.string().nullable(),
  url: z.string(),
  opened: z.number().int(),
  started: z.number().int(),
  submitted: z.number().int(),
})
export type FormLink = z.infer<typeof FormLink>
export const FieldStats = z.object({
  key: z.string(),
  label: z.string(),
  kind: z.enum(FIELD_KINDS),
  answered: z.number().int(),
  /** Of numbers and ratings. */
  mean: z.number().nullable(),
  /** The most frequent first. */
  values: z.array(z.object({ value: z.string(), n: z.number().int() })),
})
export const FormStats = z.object({
  links: z.array(FormLink),
  /** Answers the caller may see. */
  answers: z.number().int(),
  secondsMedian: z.number().int().nullable(),
  fields: z.array(FieldStats),
})
export type FormStats = z.infer<typeof FormStats>

export const AnswerQuery = z.object({
  placement: Placement.optional(),
  before: Id.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export const AnswerFilter = AnswerQuery.pick({ placement: true })
export const AskAnswers = AnswerFilter.extend({
  format: z.enum(['csv', 'xlsx']),
  reason: Text.trim().min(2).max(200),
})
/** Why an answer is erased: who asked for it, and how. */
export const Erasing = z.object({ reason: Text.trim().min(2).max(100) })
const Said = z.object({
  key: z.string(),
  label: z.string(),
  kind: z.enum(FIELD_KINDS),
  /** In words; what is private is masked. */
  value: z.string(),
  isPrivate: z.boolean(),
  files: z.array(z.object({ fileId: z.uuid(), mime: z.string(), sizeBytes: z.number().int() })),
})
export const AnswerView = z.object({
  answerId: Id,
  version: z.number().int(),
  placement: z.string(),
  staffName: z.string().nullable(),
  contactId: Id.nullable(),
  name: z.string().nullable(),
  avatar: z.string().nullable(),
  known: z.boolean(),
  seconds: z.number().int(),
  submittedAt: Instant,
  said: z.array(Said),
  consents: z.array(z.object({ purpose: z.enum(PURPOSES), version: z.number().int(), text: z.string() })),
})
export type AnswerView = z.infer<typeof AnswerView>
export const AnswerPage = z.object({ items: z.array(AnswerView), nextCursor: Id.nullable() })

/** What stands in a link: 128 bits nobody can guess. */
export const FormToken = z.string().regex(/^[\w-]{22}$/)
/** An opening of the page, sealed by us. */
export const SealedVisit = z.string().regex(/^[\w-]{60,600}$/)

const GIVEN_TEXT_MAX = 2_000
const Given = z.union([Text.max(GIVEN_TEXT_MAX), z.number(), z.array(Text.max(60)).max(OPTIONS_MAX)])
export const Submission = z.object({
  visit: SealedVisit,
  answers: z.record(z.string().max(20), Given).refine((all) => Object.keys(all).length <= FIELDS_MAX, '答案太多'),
  consents: z.array(z.enum(PURPOSES)).max(PURPOSES.length).default([]),
  /** Nobody sees it; whoever fills it in is a machine. */
  website: Text.max(200).default(''),
})
export type Submission = z.infer<typeof Submission>
export const Thanks = z.object({
  words: z.string(),
  /** A code to be shown: its picture is at the page's own address. */
  hasCode: z.boolean(),
  /** Whose. */
  codeOf: z.string().nullable(),
  /** Where it is read, by the link of whoever gave him the form. */
  material: z.object({ title: z.string(), path: z.string() }).nullable(),
})
export type Thanks = z.infer<typeof Thanks>
