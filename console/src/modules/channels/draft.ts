import type { Body } from '../../api/types.ts'
import { byteLength } from '../../ui/number-words.ts'
import { checkRoster, draftOfRoster, drawnEnd, EMPTY_ROSTER, type RosterDraft, rosterOf } from './roster-draft.ts'
import type { Code, Welcome } from './use-channels.ts'

/** WeCom's limits, as the server holds them (developer.work.weixin.qq.com/document/path/92137 and 92228, 2026-11). */
export const TEXT_BYTES_MAX = 4_000
export const ATTACHMENTS_MAX = 9
export const NAME_MAX = 30
export const STAFF_MAX = 100

export const VARIABLES = ['客户昵称', '成员姓名', '企业名称'] as const
export type Variable = (typeof VARIABLES)[number]

/** An attachment being written: a picture may not be there yet. */
export type DraftAttachment =
  | { key: string; type: 'image'; mediaAssetId: string; url: string }
  | { key: string; type: 'link'; title: string; url: string; desc: string; picurl: string }
  | { key: string; type: 'miniprogram'; title: string; appid: string; page: string; mediaAssetId: string; url: string }

export interface WelcomeDraft {
  text: string
  attachments: DraftAttachment[]
}
/** A welcome of some hours. */
export interface SlotDraft {
  key: string
  weekdays: number[]
  from: string
  to: string
  welcome: WelcomeDraft
}
/** One of several welcomes tried against each other. */
export interface VariantDraft {
  key: string
  weight: number
  welcome: WelcomeDraft
}
export const VARIANTS_MAX = 4
const EMPTY_WELCOME: WelcomeDraft = { text: '', attachments: [] }

export const newVariant = (welcome: WelcomeDraft = EMPTY_WELCOME): VariantDraft => ({
  key: crypto.randomUUID(),
  weight: 50,
  welcome,
})

export interface CodeDraft {
  name: string
  groupName: string
  /** Who receives: `staffIds`, always, or by the roster. */
  byRoster: boolean
  staffIds: string[]
  roster: RosterDraft
  exclusive: boolean
  tagIds: string[]
  remark: string
  skipVerify: boolean
  ownWelcome: boolean
  welcome: WelcomeDraft
  /** None, or two to four in place of the welcome. */
  variants: VariantDraft[]
  slots: SlotDraft[]
  blockedWords: string[]
}

export const EMPTY_CODE: CodeDraft = {
  name: '',
  groupName: '',
  byRoster: false,
  staffIds: [],
  roster: EMPTY_ROSTER,
  exclusive: false,
  tagIds: [],
  remark: '',
  skipVerify: true,
  ownWelcome: true,
  welcome: EMPTY_WELCOME,
  variants: [],
  slots: [],
  blockedWords: [],
}

export const mediaUrl = (mediaAssetId: string) => (mediaAssetId ? `/api/media/${mediaAssetId}` : '')

export function draftOfWelcome(welcome: Welcome | null): WelcomeDraft {
  return {
    text: welcome?.text ?? '',
    attachments: (welcome?.attachments ?? []).map((attachment, index): DraftAttachment => {
      const key = `kept-${index}`
      if (attachment.type === 'link')
        return { key, ...attachment, desc: attachment.desc ?? '', picurl: attachment.picurl ?? '' }
      return { key, ...attachment, url: mediaUrl(attachment.mediaAssetId) }
    }),
  }
}

export function draftOfCode(code: Code): CodeDraft {
  return {
    name: code.name,
    groupName: code.groupName,
    byRoster: code.roster !== null,
    staffIds: code.staff.map(({ staffId }) => staffId),
    roster: code.roster ? draftOfRoster(code.roster) : EMPTY_ROSTER,
    exclusive: code.exclusive,
    tagIds: code.tags.map(({ tagId }) => tagId),
    remark: code.remark,
    skipVerify: code.skipVerify,
    ownWelcome: code.welcome !== null,
    welcome: draftOfWelcome(code.welcome),
    variants: code.welcomeVariants.map(({ weight, welcome }, index) => ({
      key: `kept-${index}`,
      weight,
      welcome: draftOfWelcome(welcome),
    })),
    slots: code.welcomeSlots.map(({ welcome, ...slot }, index) => ({
      ...slot,
      key: `kept-${index}`,
      to: drawnEnd(slot.to),
      welcome: draftOfWelcome(welcome),
    })),
    blockedWords: code.blockedWords,
  }
}

/** What the next friend may be told, for the picture beside the form. */
export function shownWelcome(draft: CodeDraft, companys: Welcome | null): WelcomeDraft {
  return draft.variants[0]?.welcome ?? (draft.ownWelcome ? draft.welcome : draftOfWelcome(companys))
}

export function welcomeOf({ text, attachments }: WelcomeDraft): Welcome {
  return {
    text: text.trim(),
    attachments: attachments.map((attachment) => {
      if (attachment.type === 'image') return { type: 'image', mediaAssetId: attachment.mediaAssetId }
      if (attachment.type === 'miniprogram')
        return {
          type: 'miniprogram',
          title: attachment.title.trim(),
          appid: attachment.appid.trim(),
          page: attachment.page.trim(),
          mediaAssetId: attachment.mediaAssetId,
        }
      return {
        type: 'link',
        title: attachment.title.trim(),
        url: attachment.url.trim(),
        desc: attachment.desc.trim() || undefined,
        picurl: attachment.picurl.trim() || undefined,
      }
    }),
  }
}

export function bodyOf(draft: CodeDraft): Body<'/api/channel-codes', 'post'> {
  const {
    name,
    groupName,
    byRoster,
    staffIds,
    roster,
    exclusive,
    tagIds,
    remark,
    skipVerify,
    ownWelcome,
    welcome,
    variants,
    slots,
    blockedWords,
  } = draft
  return {
    name: name.trim(),
    groupName: groupName.trim(),
    ...(byRoster ? { roster: rosterOf(roster) } : { staffIds }),
    exclusive,
    tagIds,
    remark: remark.trim(),
    skipVerify,
    welcome: ownWelcome && variants.length === 0 ? welcomeOf(welcome) : null,
    welcomeVariants: variants.map(({ weight, welcome: words }) => ({ weight, welcome: welcomeOf(words) })),
    welcomeSlots: slots.map(({ weekdays, from, to, welcome: words }) => ({
      weekdays,
      from,
      to,
      welcome: welcomeOf(words),
    })),
    blockedWords,
  }
}

const SLOT = /\{([^{}]*)\}/g

/** Braces around a word nobody fills: the customer would read them as they stand. */
export function unknownVariables(text: string): string[] {
  const named = [...text.matchAll(SLOT)].map((slot) => slot[1] ?? '')
  return [...new Set(named.filter((name) => !(VARIABLES as readonly string[]).includes(name)))]
}

/** Fills the slots in one pass, as the server does: a customer who calls himself {企业名称} stays called so. */
export function fillVariables(text: string, values: Record<Variable, string>): string {
  return text.replaceAll(SLOT, (slot, name: string) => (name in values ? values[name as Variable] : slot))
}

export type FaultWord =
  | 'needName'
  | 'needStaff'
  | 'needMember'
  | 'needWelcome'
  | 'tooLong'
  | 'unknownVariable'
  | 'needUrl'
  | 'needTitle'
  | 'needAppid'
  | 'needImage'
  | 'needPage'
  | 'needShift'
  | 'needBackup'
  | 'needDate'
  | 'wrongOrder'
  | 'needHours'
/** What is wrong, by field: `name`, `staffIds`, `roster`, `remark`, `text`, `attachments.<key>`. */
export type Faults = Record<string, { word: FaultWord; names: string }>

const fault = (word: FaultWord, names: string[] = []) => ({ word, names: names.join('、') })

export function checkWelcome({ text, attachments }: WelcomeDraft): Faults {
  const faults: Faults = {}
  const unknown = unknownVariables(text)
  if (text.trim() === '' && attachments.length === 0) faults.text = fault('needWelcome')
  else if (byteLength(text) > TEXT_BYTES_MAX) faults.text = fault('tooLong')
  else if (unknown.length > 0) faults.text = fault('unknownVariable', unknown)
  for (const attachment of attachments) {
    const word = checkAttachment(attachment)
    if (word) faults[`attachments.${attachment.key}`] = fault(word)
  }
  return faults
}

function checkAttachment(attachment: DraftAttachment): FaultWord | undefined {
  if (attachment.type === 'image') return attachment.mediaAssetId === '' ? 'needImage' : undefined
  if (attachment.title.trim() === '') return 'needTitle'
  if (attachment.type === 'link')
    return isWebUrl(attachment.url) && (attachment.picurl.trim() === '' || isWebUrl(attachment.picurl))
      ? undefined
      : 'needUrl'
  if (!/^wx[0-9a-zA-Z]{8,32}$/.test(attachment.appid.trim())) return 'needAppid'
  if (attachment.page.trim() === '') return 'needPage'
  return attachment.mediaAssetId === '' ? 'needImage' : undefined
}

function isWebUrl(text: string): boolean {
  const url = URL.parse(text.trim())
  return url !== null && /^https?:$/.test(url.protocol)
}

export function checkCode(draft: CodeDraft): Faults {
  const faults: Faults = draft.ownWelcome && draft.variants.length === 0 ? checkWelcome(draft.welcome) : {}
  const unknown = unknownVariables(draft.remark)
  for (const { key, welcome } of draft.variants) {
    const [words] = Object.values(checkWelcome(welcome))
    if (words) faults[`variants.${key}`] = words
  }
  for (const slot of draft.slots) {
    const [words] = Object.values(checkWelcome(slot.welcome))
    if (words) faults[`slots.${slot.key}`] = words
    else if (slot.weekdays.length === 0 || slot.from === '' || slot.to === '')
      faults[`slots.${slot.key}`] = fault('needHours')
  }
  if (draft.name.trim() === '') faults.name = fault('needName')
  if (draft.byRoster) {
    const word = checkRoster(draft.roster)
    if (word) faults.roster = fault(word)
  } else if (draft.staffIds.length === 0) faults.staffIds = fault('needStaff')
  if (unknown.length > 0) faults.remark = fault('unknownVariable', unknown)
  return faults
}
