import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'
import type { RouteDeps } from '../corps/context.ts'
import { listDuplicates, readContactGroups } from './duplicates.ts'
import { listGroups, readGroup, readGroupNames, readOverview } from './list-groups.ts'
import { listMembers, readOverlaps } from './members.ts'
import {
  ContactGroups,
  DuplicatePage,
  DuplicateQuery,
  GroupListQuery,
  GroupNames,
  GroupOverlaps,
  GroupOverview,
  GroupPage,
  GroupView,
  MemberListQuery,
  MemberPage,
  TrendQuery,
  ValueQuery,
  ValueRows,
} from './schema.ts'
import { rankMembers } from './value.ts'

const OfGroup = z.object({ groupChatId: Id })
const NamesQuery = z.object({ q: Text.trim().max(64).optional() })

/** Groups as they are and were, and who sits in them. They are changed in WeCom alone. */
export function registerGroupRoutes(app: App, deps: RouteDeps): void {
  registerLists(app, deps)
  registerOneGroup(app, deps)
}

function registerLists(app: App, { db, work }: RouteDeps): void {
  app.get('/api/groups', {
    config: { access: 'groups.read' },
    schema: { operationId: 'listGroups', querystring: GroupListQuery, response: { 200: GroupPage, '4xx': Problem } },
    handler: ({ actor: { corpId, scope }, query }) =>
      inCorp(db, corpId, (tx) => listGroups(tx, corpId, query, scope, work.clock.now())),
  })
  app.get('/api/groups/names', {
    config: { access: 'groups.read' },
    schema: { operationId: 'listGroupNames', querystring: NamesQuery, response: { 200: GroupNames, '4xx': Problem } },
    handler: ({ actor: { corpId, scope }, query }) =>
      inCorp(db, corpId, (tx) => readGroupNames(tx, corpId, query, scope)),
  })
  app.get('/api/groups/overview', {
    config: { access: 'groups.read' },
    schema: {
      operationId: 'readGroupOverview',
      querystring: TrendQuery,
      response: { 200: GroupOverview, '4xx': Problem },
    },
    handler: ({ actor: { corpId, scope }, query }) =>
      inCorp(db, corpId, (tx) => readOverview(tx, corpId, query.days, scope, work.clock.now())),
  })
  app.get('/api/groups/duplicates', {
    config: { access: 'groups.read' },
    schema: {
      operationId: 'listGroupDuplicates',
      querystring: DuplicateQuery,
      response: { 200: DuplicatePage, '4xx': Problem },
    },
    handler: ({ actor: { corpId, scope }, query }) =>
      inCorp(db, corpId, (tx) => listDuplicates(tx, corpId, query, scope)),
  })
  app.get('/api/contacts/:contactId/groups', {
    config: { access: 'groups.read' },
    schema: {
      operationId: 'readContactGroups',
      params: z.object({ contactId: Id }),
      response: { 200: ContactGroups, '4xx': Problem },
    },
    handler: ({ actor: { corpId, scope }, params }) =>
      inCorp(db, corpId, (tx) => readContactGroups(tx, corpId, params.contactId, scope)),
  })
}

function registerOneGroup(app: App, { db, work }: RouteDeps): void {
  app.get('/api/groups/:groupChatId', {
    config: { access: 'groups.read' },
    schema: {
      operationId: 'readGroup',
      params: OfGroup,
      querystring: TrendQuery,
      response: { 200: GroupView, '4xx': Problem },
    },
    handler: ({ actor: { corpId, scope }, params, query }) =>
      inCorp(db, corpId, (tx) => readGroup(tx, corpId, params.groupChatId, query.days, scope, work.clock.now())),
  })
  app.get('/api/groups/:groupChatId/members', {
    config: { access: 'groups.read' },
    schema: {
      operationId: 'listGroupMembers',
      params: OfGroup,
      querystring: MemberListQuery,
      response: { 200: MemberPage, '4xx': Problem },
    },
    handler: ({ actor: { corpId, scope }, params, query }) =>
      inCorp(db, corpId, (tx) => listMembers(tx, corpId, params.groupChatId, query, scope)),
  })
  app.get('/api/groups/:groupChatId/overlaps', {
    config: { access: 'groups.read' },
    schema: { operationId: 'readGroupOverlaps', params: OfGroup, response: { 200: GroupOverlaps, '4xx': Problem } },
    handler: ({ actor: { corpId, scope }, params }) =>
      inCorp(db, corpId, (tx) => readOverlaps(tx, corpId, params.groupChatId, scope)),
  })
  app.get('/api/groups/:groupChatId/value', {
    config: { access: 'groups.read' },
    schema: {
      operationId: 'rankGroupMembers',
      params: OfGroup,
      querystring: ValueQuery,
      response: { 200: ValueRows, '4xx': Problem },
    },
    handler: ({ actor: { corpId, scope }, params, query }) =>
      inCorp(db, corpId, (tx) => rankMembers(tx, corpId, params.groupChatId, query, scope)),
  })
}
