import { keepPreviousData } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer, Body } from '../../api/types.ts'

export type Material = Answer<'/api/materials'>['items'][number]
export type MaterialView = Answer<'/api/materials/{materialId}'>
export type Version = MaterialView['versions'][number]
export type Said = Version['said']
export type Kind = Material['kind']
export type Block = Extract<Said, { kind: 'article' }>['content']['blocks'][number]
export type PosterItem = Extract<Said, { kind: 'poster' }>['content']['items'][number]
export type Scope = Material['scope']
export type Folders = Answer<'/api/material-folders'>
export type Script = Answer<'/api/scripts'>['items'][number]
export type ScriptBody = Body<'/api/scripts', 'post'>
export type ScriptGroup = Answer<'/api/script-groups'>['items'][number]

export const KINDS: Kind[] = [
  'text',
  'image',
  'article',
  'link',
  'pdf',
  'video',
  'file',
  'mini_program',
  'poster',
  'product',
]
export const STATES = ['live', 'draft', 'waiting', 'refused', 'planned', 'expired', 'withdrawn', 'deleted'] as const
export const SLOTS = ['客户称呼', '客户昵称', '成员姓名', '部门', '企业简称', '企业名称'] as const

export const fileUrl = (fileId: string) => `/api/media/${fileId}`

export const useFolders = () => api.useQuery('get', '/api/material-folders', {}, { placeholderData: keepPreviousData })

/** After anything about materials was changed. */
export function refreshMaterials(): void {
  for (const path of [
    '/api/materials',
    '/api/materials/{materialId}',
    '/api/material-folders',
    '/api/content-settings',
  ])
    void queryClient.invalidateQueries({ queryKey: ['get', path] })
}
export function refreshScripts(): void {
  for (const path of ['/api/scripts', '/api/own-scripts', '/api/script-groups', '/api/own-script-groups'])
    void queryClient.invalidateQueries({ queryKey: ['get', path] })
}

/** A material before anything is written. */
export function blankOf(kind: Kind): Said {
  const said = { title: '', summary: '', coverId: null }
  switch (kind) {
    case 'text':
      return { ...said, kind, content: { text: '' } }
    case 'link':
      return { ...said, kind, content: { url: '' } }
    case 'article':
      return { ...said, kind, content: { blocks: [{ type: 'paragraph', text: '' }], author: '', source: null } }
    case 'mini_program':
      return { ...said, kind, content: { appid: '', page: '' } }
    case 'product':
      return { ...said, kind, content: { productNo: '', shop: '', priceFen: 0, originalFen: null, url: '' } }
    case 'poster':
      return {
        ...said,
        kind,
        content: {
          width: 1080,
          height: 1620,
          colour: '#F4EFE6',
          backgroundId: null,
          items: [
            { type: 'avatar', x: 90, y: 1330, width: 120, height: 120, round: true },
            { type: 'nickname', x: 234, y: 1360, width: 420, height: 60, size: 40, colour: '#1D2320', align: 'left' },
            { type: 'qr', x: 750, y: 1290, width: 240, height: 240 },
          ],
        },
      }
    default:
      return { ...said, kind, content: { fileId: '' } }
  }
}

/** Whether all that must be there is; the server holds the rest. */
export function isWhole(said: Said): boolean {
  if (said.title.trim() === '') return false
  switch (said.kind) {
    case 'text':
      return said.content.text.trim() !== ''
    case 'link':
    case 'product':
      return /^https?:\/\/.+/.test(said.content.url)
    case 'article':
      return said.content.blocks.some(
        (block) => block.type !== 'picture' && block.type !== 'list' && block.text.trim() !== '',
      )
    case 'mini_program':
      return said.content.appid.trim() !== '' && said.content.page.trim() !== '' && said.coverId !== null
    case 'poster':
      return true
    default:
      return said.content.fileId !== ''
  }
}

/** As it is sent: empty pieces of an article are left out. */
export function cleanOf(said: Said): Said {
  if (said.kind !== 'article') return said
  const blocks = said.content.blocks.flatMap((block): Block[] => {
    if (block.type === 'picture') return [block]
    if (block.type === 'list') {
      const items = block.items.map((item) => item.trim()).filter(Boolean)
      return items.length > 0 ? [{ ...block, items }] : []
    }
    return block.text.trim() ? [block] : []
  })
  return { ...said, content: { ...said.content, blocks } }
}
