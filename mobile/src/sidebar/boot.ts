import type { Signature } from '../api/sidebar.ts'

/** What the server put into the page when it was opened. */
export interface Boot {
  corp: { id: string; name: string; agentId: number }
  me: { name: string; staffId: string; userid: string; permissions: string[] }
  sign: Signature | null
}

export const boot = JSON.parse(document.getElementById('boot')?.textContent ?? '{}') as Boot
export const may = (permission: string): boolean => boot.me.permissions.includes(permission)
