import type { TFunction } from 'i18next'
import type { Answer } from '../../api/types.ts'

export type RoleView = Answer<'/api/roles'>['roles'][number]
type Role = RoleView['role']

/** A role's name: the corp's own has one, the built-in ones are words of ours. */
export const sayRole = (t: TFunction, role: Role, name: string | null): string =>
  role === 'custom' ? (name ?? t('account.role.custom')) : t(`account.role.${role}`)

/** What a role is told apart by in lists: the built-in ones by their word, the corp's own by id. */
export const keyOfRole = ({ role, roleId }: { role: Role; roleId: string | null }): string => roleId ?? role

/** Words of the server a page knows how to say; one it does not know yet is shown as it is. */
export const PERMISSION_WORDS = [
  'contacts.read',
  'groups.read',
  'orders.read',
  'orders.manage',
  'contacts.write',
  'contacts.tag',
  'contacts.bulk',
  'contacts.fields',
  'contacts.export',
  'contacts.approve',
  'contacts.merge',
  'contacts.reveal',
  'contacts.sync',
  'tags.read',
  'tags.write',
  'stages.read',
  'stages.move',
  'stages.write',
  'touches.read',
  'touches.govern',
  'content.read',
  'content.own',
  'content.write',
  'content.approve',
  'channels.read',
  'channels.write',
  'staff.read',
  'staff.write',
  'roles.write',
  'health.read',
  'health.act',
  'corps.read',
  'corps.write',
  'audit.read',
  'openapi.manage',
] as const

export function sayPermission(t: TFunction, word: string): string {
  const known = PERMISSION_WORDS.find((it) => it === word)
  return known ? t(`roles.permission.${known}`) : word
}
