import type { Tx } from '../../platform/db.ts'
import { suggestScripts } from '../content/scripts/suggest.ts'
import { readSlotValues, renderText } from '../content/variables.ts'
import type { Actor } from '../corps/context.ts'
import type { Saying } from './schema.ts'

/** What fits this customer now, in the words he would read. */
export async function readSayings(
  tx: Tx,
  actor: Actor,
  contactId: string,
  limit: number,
  now: Date,
): Promise<{ said: string | null; items: Saying[] }> {
  const { corpId, staffId } = actor
  const { said, items } = await suggestScripts(tx, corpId, actor, contactId, { limit }, now)
  const slots = await readSlotValues(tx, corpId, { staffId, contactId })
  return {
    said,
    items: items.map(({ scriptId, title, own, parts, reasons }) => ({
      scriptId,
      title,
      own,
      text: parts
        .map((part) => {
          if (part.type === 'text') return renderText(part.text, slots)
          return part.type === 'image' ? '[图片]' : `[${part.title}]`
        })
        .join('\n'),
      parts: parts.length,
      reasons,
    })),
  }
}
