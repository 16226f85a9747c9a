import { WecomError } from '@siyu/wecom/errors'
import { WecomAway } from './errors.ts'

/** Where WeCom is asked on the way: that it is away is told in words the member can act on. */
export async function orAway<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof WecomError) throw new WecomAway()
    throw error
  }
}
