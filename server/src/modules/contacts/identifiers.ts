import { z } from 'zod'
import type { Vault } from '../../platform/secrets.ts'
import { Text } from '../../platform/text.ts'
import { markMobile, maskPhone, plainMobile } from './mobiles.ts'

/** Strongest first: what decides whose an event is when its identifiers lead to several people. */
export const IDENTITY_KINDS = ['external_userid', 'unionid', 'member', 'openid', 'phone', 'buyer', 'device'] as const
export const IdentityKind = z.enum(IDENTITY_KINDS)
export type IdentityKind = z.infer<typeof IdentityKind>

/** 2 told by the platform or a server's key, 1 typed by the person, 0 a device. */
export type Trust = 0 | 1 | 2

/** `openid` is appid:openid, `buyer` platform:id; a `phone` is the number as written and is kept as a mark only. */
export interface Identifier {
  kind: IdentityKind
  value: string
  trust: Trust
}

/** Identifiers of one person, one of a kind. */
export const Ids = z.strictObject({
  unionid: Text.min(1).max(200).optional(),
  openid: Text.regex(/^[^:]{1,60}:.{1,130}$/s, '写成 appid:openid').optional(),
  phone: Text.min(5).max(30).optional(),
  member: Text.min(1).max(200).optional(),
  buyer: Text.regex(/^[^:]{1,60}:.{1,130}$/s, '写成 平台:买家编号').optional(),
  external_userid: Text.min(1).max(200).optional(),
})
export type Ids = z.infer<typeof Ids>

/** An identifier as it is kept. */
export interface KeptIdentifier extends Identifier {
  /** Kind and value: what two writers meet at. */
  key: string
  /** Of what a person has one only: his phone, his openid of this appid. */
  slot: string
  /** What may be shown of a value that is kept as a mark. */
  hint: string | null
}

/** Longer than any platform's id; the key's index takes no more than a third of a page. */
export const IDENTIFIER_MAX = 200
const NUMBER = /^\+?\d{5,20}$/

/** A person has one of each: two values are two persons, whatever else they share. */
const VERIFIED: ReadonlySet<IdentityKind> = new Set(['external_userid', 'unionid', 'member'])
export const isVerified = ({ kind }: { kind: IdentityKind }): boolean => VERIFIED.has(kind)

/** As kept, each once with its highest trust; what cannot be one (nothing, far too long, no number) is left out. */
export function keepIdentifiers(vault: Vault, given: readonly Identifier[]): KeptIdentifier[] {
  const kept = new Map<string, KeptIdentifier>()
  for (const { kind, value: written, trust } of given) {
    const text = written.replaceAll('\u0000', '').toWellFormed().trim()
    const plain = kind === 'phone' ? plainMobile(text) : text
    if (plain === '' || plain.length > IDENTIFIER_MAX || (kind === 'phone' && !NUMBER.test(plain))) continue
    const value = kind === 'phone' ? markMobile(vault, plain) : plain
    const key = `${kind} ${value}`
    if ((kept.get(key)?.trust ?? -1) >= trust) continue
    const hint = kind === 'phone' ? maskPhone(plain) : null
    kept.set(key, { kind, value, trust, key, slot: slotOf(kind, value), hint })
  }
  return [...kept.values()]
}

/** Of what somebody has one only, as far as anybody can tell. */
export const slotOf = (kind: IdentityKind, value: string): string =>
  kind === 'openid' || kind === 'buyer' ? `${kind} ${value.split(':', 1)[0]}` : kind

/** Strongest first. */
export const byStrength = (a: KeptIdentifier, b: KeptIdentifier): number =>
  b.trust - a.trust || IDENTITY_KINDS.indexOf(a.kind) - IDENTITY_KINDS.indexOf(b.kind) || (a.key < b.key ? -1 : 1)

const SHOWN_WHOLE = 4
/** Enough to recognise an identifier by. */
export const showIdentifier = ({ value, hint }: { value: string; hint: string | null }): string =>
  hint ?? (value.length <= SHOWN_WHOLE * 2 ? value : `${value.slice(0, SHOWN_WHOLE)}…${value.slice(-SHOWN_WHOLE)}`)
