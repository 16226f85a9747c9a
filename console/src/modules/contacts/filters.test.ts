import { expect, test } from 'vitest'
import {
  changeFilters,
  countConditions,
  readFilters,
  sameFilter,
  toQuery,
  toViewFilter,
  viewSearch,
} from './filters.ts'

const read = (search: string) => readFilters(new URLSearchParams(search))
const change = (search: string, to: Parameters<typeof changeFilters>[1]) =>
  changeFilters(new URLSearchParams(search), to).toString()

test('an empty URL is the list of current customers with no condition', () => {
  expect(read('')).toEqual({
    view: 'following',
    q: '',
    tagsAll: [],
    tagsAny: [],
    tagsNone: [],
    staffIds: [],
    stageIds: [],
    groupsAll: [],
    groupsAny: [],
    groupsNone: [],
    departmentId: undefined,
    gender: undefined,
    codeId: undefined,
    segmentId: undefined,
    from: undefined,
    to: undefined,
    fields: {},
  })
  expect(countConditions(read(''))).toBe(0)
})

test('what a URL says is what the server is asked', () => {
  const filters = read(
    'state=lost&q=%E8%8C%B6&tag=12,13&anytag=5,5&notag=8&staff=3,4&dept=2&gender=0&code=9&segment=7&from=2026-11-01&to=2026-11-22&active=2026-11-20&fields={"5":["岩茶"]}',
  )
  expect(countConditions(filters)).toBe(12)
  expect(toQuery(filters)).toEqual({
    state: 'lost',
    q: '茶',
    tagsAll: '12,13',
    tagsAny: '5',
    tagsNone: '8',
    staffIds: '3,4',
    departmentId: '2',
    gender: 0,
    channelCodeId: '9',
    segmentId: '7',
    addedFrom: '2026-11-01',
    addedTo: '2026-11-22',
    activeFrom: '2026-11-20',
    fields: '{"5":["岩茶"]}',
  })
})

test('nonsense in a URL is passed over instead of breaking the page', () => {
  expect(
    read('state=gone&tag=abc,&staff=0&gender=7&dept=x&code=-1&from=2026-13-01&to=yesterday&fields={"a":1,"5":[]}'),
  ).toEqual(read(''))
})

test('a change keeps the other conditions and starts at the first page with nobody opened', () => {
  expect(change('tag=12&after=n_x&id=7', { staffIds: ['3'] })).toBe('tag=12&staff=3')
  expect(change('tag=12&staff=3', { tagsAll: [] })).toBe('staff=3')
  expect(change('q=a', { q: '  ' })).toBe('')
})

test('the default view leaves no trace in the URL', () => {
  expect(change('state=lost', { view: 'following' })).toBe('')
  expect(change('', { view: 'all' })).toBe('state=all')
})

test('a written URL reads back to the same filters', () => {
  const params = changeFilters(new URLSearchParams(), {
    view: 'all',
    q: '见山 & 茶',
    tagsNone: ['7', '9'],
    stageIds: ['2', '5'],
    codeId: '4',
    segmentId: '6',
    from: '2026-11-01',
  })
  expect(readFilters(params)).toEqual({
    view: 'all',
    q: '见山 & 茶',
    tagsAll: [],
    tagsAny: [],
    tagsNone: ['7', '9'],
    staffIds: [],
    stageIds: ['2', '5'],
    groupsAll: [],
    groupsAny: [],
    groupsNone: [],
    departmentId: undefined,
    gender: undefined,
    codeId: '4',
    segmentId: '6',
    from: '2026-11-01',
    to: undefined,
    fields: {},
  })
})

test('a saved view opens the very list it was saved from, and knows when it has been changed', () => {
  const filters = read(
    'state=lost&q=茶&tag=12,13&anytag=5,6&notag=8&staff=3,4&dept=2&gender=0&code=9&from=2026-11-01&idle=2026-11-20&fields={"5":["岩茶"]}',
  )
  const kept = toViewFilter(filters)
  const opened = viewSearch('7', kept)
  expect(opened.get('saved')).toBe('7')
  expect(readFilters(opened)).toEqual(filters)
  expect(sameFilter(kept, toViewFilter(readFilters(opened)))).toBe(true)
  expect(sameFilter(kept, toViewFilter(readFilters(changeFilters(opened, { gender: '1' }))))).toBe(false)
  expect(sameFilter(kept, toViewFilter(readFilters(changeFilters(opened, { to: '2026-11-02' }))))).toBe(false)
  expect(toViewFilter(read(''))).toEqual({ state: 'following' })
})
