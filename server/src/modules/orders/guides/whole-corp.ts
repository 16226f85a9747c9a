import type { Actor } from '../../corps/context.ts'
import { GuidesNeedWholeCorp } from '../errors.ts'

/** What is counted or settled over the orders of all customers is not for whoever sees some of them. */
export function requireWholeCorp({ scope }: Pick<Actor, 'scope'>): void {
  if (scope) throw new GuidesNeedWholeCorp()
}
