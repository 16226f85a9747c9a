import type { FoundLink } from './find-link.ts'
import { readTarget } from './targets.ts'

/**
 * What a page needs to show a material: what it says, and of whoever sent it what stands on his card. No id of anybody,
 * and nothing of other readers.
 */
export function sayPage(
  { corpName, card, material, hosts, landingKey }: FoundLink,
  token: string,
  publicUrl: string,
): object {
  const fileUrl = (fileId: string | null) => fileId && `/r/${token}/files/${fileId}`
  return {
    is: 'page',
    token,
    corpName,
    card,
    ask: landingKey && `${publicUrl}/c/${landingKey}`,
    kind: material.kind,
    title: material.title,
    summary: material.summary,
    cover: fileUrl(material.cover),
    ...contentOf(material, hosts, fileUrl),
  }
}

function contentOf(
  { kind, content, updatedAt }: FoundLink['material'],
  hosts: readonly string[],
  fileUrl: (fileId: string | null) => string | null,
): object {
  switch (kind) {
    case 'article': {
      const { blocks, author } = content as {
        blocks: ({ type: string; fileId?: string } & Record<string, unknown>)[]
        author: string
      }
      return {
        author,
        at: updatedAt.toISOString(),
        blocks: blocks.map(({ fileId, ...block }) => (fileId ? { ...block, src: fileUrl(fileId) } : block)),
      }
    }
    case 'link':
    case 'product': {
      const { url, ...product } = content as { url: string; priceFen?: number; originalFen?: number | null }
      return {
        target: readTarget(url, hosts) ?? null,
        priceFen: product.priceFen ?? null,
        originalFen: product.originalFen ?? null,
      }
    }
    case 'text':
      return { text: (content as { text: string }).text }
    default:
      return { file: fileUrl((content as { fileId?: string }).fileId ?? null) }
  }
}
