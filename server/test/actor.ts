import type { Actor } from '../src/modules/corps/context.ts'

/** Head office, who may see everything. */
export const anActor = (corpId: string): Actor => ({
  accountId: '1',
  corpId,
  role: 'owner',
  roleName: null,
  permissions: [],
  staffId: null,
  scope: undefined,
  viewing: null,
  factorMissing: false,
  name: '周岚',
  ip: '127.0.0.1',
  requestId: 'r',
})
