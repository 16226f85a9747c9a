import type { IncomingMember } from '../members/schema.ts'
import type { Group } from './group-rows.ts'
import { readNo, readPoints, readTime } from './read-values.ts'
import { createGroupReader, GroupRefused, type Places, readIdentifiers } from './row-reader.ts'

const LEVEL_MAX = 40

/** The row of one member. */
export function readMemberRows(group: Group, places: Places, toldAt: Date): IncomingMember {
  const reader = createGroupReader(group, places)
  const memberNo = reader.whole('member', '会员号', (cell) => readNo(cell, '会员号'))
  if (memberNo === undefined) throw new GroupRefused(group.rows[0]!.line, '没有会员号')
  const others = readIdentifiers(reader, 'own').filter(({ kind }) => kind !== 'member')
  return {
    memberNo,
    level: reader.whole('level', '等级', (cell) => cell.slice(0, LEVEL_MAX).toWellFormed()) ?? null,
    points: reader.whole('points', '积分', readPoints) ?? null,
    joinedAt: reader.whole('joinedAt', '入会时间', readTime) ?? null,
    identifiers: [{ kind: 'member', value: memberNo, trust: 2 }, ...others],
    updatedAt: reader.whole('updatedAt', '更新时间', readTime) ?? toldAt,
  }
}
