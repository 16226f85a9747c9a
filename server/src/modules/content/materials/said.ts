import { fold, gramsOf } from '../../../platform/bigrams.ts'
import type { Tx } from '../../../platform/db.ts'
import type { FileKind } from '../files/schema.ts'
import { requireFiles } from '../files/store.ts'
import { requireKnownSlots } from '../variables.ts'
import type { Said } from './schema.ts'

interface Wanted {
  fileId: string
  kind: FileKind
  mime?: string
}

/** The files a version holds beside its cover, and what each must be. */
function partsOf(said: Said): Wanted[] {
  const image = (fileId: string): Wanted => ({ fileId, kind: 'image' })
  switch (said.kind) {
    case 'image':
      return [image(said.content.fileId)]
    case 'video':
      return [{ fileId: said.content.fileId, kind: 'video' }]
    case 'file':
      return [{ fileId: said.content.fileId, kind: 'file' }]
    case 'pdf':
      return [{ fileId: said.content.fileId, kind: 'file', mime: 'application/pdf' }]
    case 'article':
      return said.content.blocks.flatMap((block) => (block.type === 'picture' ? [image(block.fileId)] : []))
    case 'poster':
      return said.content.backgroundId ? [image(said.content.backgroundId)] : []
    default:
      return []
  }
}

const wantedOf = (said: Said): Wanted[] => [
  ...(said.coverId ? [{ fileId: said.coverId, kind: 'image' as const }] : []),
  ...partsOf(said),
]

export const filesOf = (said: Said): string[] => [...new Set(wantedOf(said).map(({ fileId }) => fileId))]

/** Its files are this corp's and of the right kind; its slots can be filled. */
export async function requireSaid(tx: Tx, corpId: string, said: Said): Promise<void> {
  if (said.kind === 'text') requireKnownSlots(said.content.text)
  if (said.kind === 'poster')
    requireKnownSlots(...said.content.items.map((item) => (item.type === 'text' ? item.text : '')))
  await requireFiles(tx, corpId, wantedOf(said))
}

/** All a version tells, for whoever looks for it. */
function textsOf(said: Said): string[] {
  const own = () => {
    switch (said.kind) {
      case 'text':
        return [said.content.text]
      case 'article':
        return said.content.blocks.flatMap((block) => {
          if (block.type === 'list') return block.items
          return block.type === 'picture' ? [block.caption] : [block.text]
        })
      case 'poster':
        return said.content.items.flatMap((item) => (item.type === 'text' ? [item.text] : []))
      case 'product':
        return [said.content.productNo, said.content.shop]
      default:
        return []
    }
  }
  return [said.title, said.summary, ...own()]
}

const WORDS_MAX = 20_000

/** What it is found by; a line for each part, so that no word runs over from one into the next. */
export function searchOf(said: Said, labels: readonly string[]) {
  const words = [...textsOf(said), ...labels]
    .map(fold)
    .filter((text) => text !== '')
    .join('\n')
    .slice(0, WORDS_MAX)
  return { titleFolded: fold(said.title), words, grams: gramsOf(words) }
}
