import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'

export type CodeRow = Answer<'/api/channel-codes'>['items'][number]
export type Code = Answer<'/api/channel-codes/{channelCodeId}'>
export type Welcome = NonNullable<Code['welcome']>
export type ChannelStats = Answer<'/api/channel-codes/{channelCodeId}/stats'>

export type Roster = NonNullable<Code['roster']>
export type RosterPlan = NonNullable<Answer<'/api/channel-codes/{channelCodeId}/roster'>['plan']>
export type NextScan = Answer<'/api/channel-codes/{channelCodeId}/roster'>['next']
export type Placement = Answer<'/api/channel-codes/{channelCodeId}/placements'>['items'][number]

/** WeCom makes a code in a second or two; until then the page looks again. */
const MAKING_EVERY_MS = 2_000

export const useCode = (channelCodeId: string) =>
  api.useQuery(
    'get',
    '/api/channel-codes/{channelCodeId}',
    { params: { path: { channelCodeId } } },
    {
      refetchInterval: ({ state }) =>
        state.data && (state.data.status === 'creating' || state.data.updating) ? MAKING_EVERY_MS : false,
    },
  )

/** Shifts change by the minute. */
const ROSTER_EVERY_MS = 30_000
const ON_ITS_WAY_EVERY_MS = 2_000

export const useRoster = (channelCodeId: string) =>
  api.useQuery(
    'get',
    '/api/channel-codes/{channelCodeId}/roster',
    { params: { path: { channelCodeId } } },
    { refetchInterval: ({ state }) => (state.data?.next.onItsWay ? ON_ITS_WAY_EVERY_MS : ROSTER_EVERY_MS) },
  )
