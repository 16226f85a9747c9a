import { expect, test } from 'vitest'
import { gatherTags } from './gather-tags.ts'

const tag = (tagId: string, addedAt: string, source: 'staff' | 'rule', inWecom = true) => ({
  tagId,
  name: `标签${tagId}`,
  groupName: '口味',
  source,
  addedAt,
  reason: {},
  inWecom,
})

test('a tag of two friendships is one tag told by its first tagging, waiting while either waits', () => {
  const gathered = gatherTags([
    {
      staffName: '陈屿',
      lostAt: null,
      tags: [tag('1', '2026-11-20T00:00:00Z', 'staff'), tag('2', '2026-11-19T00:00:00Z', 'staff')],
    },
    { staffName: '许曼', lostAt: null, tags: [tag('1', '2026-11-18T00:00:00Z', 'rule', false)] },
  ])
  expect(gathered.map(({ tagId }) => tagId)).toEqual(['1', '2'])
  expect(gathered[0]).toMatchObject({
    source: 'rule',
    addedAt: '2026-11-18T00:00:00Z',
    inWecom: false,
    staffNames: ['陈屿', '许曼'],
  })
  expect(gathered[1]).toMatchObject({ inWecom: true, staffNames: ['陈屿'] })
})

test('tags of a friendship that ended are not his tags any more', () => {
  expect(
    gatherTags([
      { staffName: '陈屿', lostAt: '2026-11-21T00:00:00Z', tags: [tag('1', '2026-11-20T00:00:00Z', 'staff')] },
    ]),
  ).toEqual([])
})
