import type { Edge } from './use-radar.ts'

export interface Node {
  name: string
  children: Node[]
  /** How often this person opened what came to him; of who began, none. */
  value?: number
}

/**
 * A tree of edges: the material, the members whose links began it, the readers who sent theirs on. Everybody stands once,
 * under whoever brought it to him first, so that two who send it to each other end.
 */
export function growTree(edges: readonly Edge[], title: string, stranger: string): Node {
  const root: Node = { name: title, children: [] }
  const staff = new Map<string, Node>()
  const placed = new Map<string, Node>()
  const place = (parent: Node, contactId: string, name: string, value?: number): Node => {
    const node: Node = { name: name || stranger, children: [], ...(value === undefined ? {} : { value }) }
    parent.children.push(node)
    placed.set(contactId, node)
    return node
  }
  // The earliest first: whoever sends it on has been reached before, or began.
  for (const { from, to, staffId, staffName, opens } of edges) {
    let member = staff.get(staffId)
    if (!member) {
      member = { name: staffName, children: [] }
      root.children.push(member)
      staff.set(staffId, member)
    }
    const parent = placed.get(from.contactId) ?? place(member, from.contactId, from.name)
    if (!placed.has(to.contactId)) place(parent, to.contactId, to.name, opens)
  }
  return root
}

export const leavesOf = ({ children }: Node): number =>
  children.length === 0 ? 1 : children.reduce((n, child) => n + leavesOf(child), 0)
