import { type Endpoint, fail } from './endpoint.ts'

export const agentEndpoints: Endpoint[] = [
  {
    path: 'agent/get',
    method: 'GET',
    by: 'app',
    params: [{ at: 'agentid', is: 'text', need: 41011 }],
    handle({ corp, query }) {
      const { agentId, name, options } = corp.info
      if (!/^\d+$/.test(query.agentid!)) fail(40056)
      // A token opens its own app and no other (path/90227, 2026-11).
      if (Number(query.agentid) !== agentId) fail(301002)
      return {
        agentid: agentId,
        name: `${name} 客户管家`,
        square_logo_url: '',
        description: '',
        allow_userinfos: { user: [] },
        allow_partys: { partyid: [...corp.departments.values()].filter((it) => it.parentId === 0).map((it) => it.id) },
        allow_tags: { tagid: [] },
        close: 0,
        redirect_domain: options.trustedDomains[0] ?? '',
        report_location_flag: 0,
        isreportenter: 0,
        home_url: '',
      }
    },
    say: () => '核对应用',
  },
]
