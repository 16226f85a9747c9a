import type { Body } from '../../api/types.ts'

export interface ConnectDraft {
  name: string
  wecomCorpid: string
  agentId: string
  appSecret: string
  contactSyncSecret: string
}
export const EMPTY_CONNECT: ConnectDraft = {
  name: '',
  wecomCorpid: '',
  agentId: '',
  appSecret: '',
  contactSyncSecret: '',
}

/** The server's limits of a secret, in characters. */
const SECRET_MIN = 20

/** What the server would refuse, said before it is asked. */
export function checkConnect(
  draft: ConnectDraft,
): Partial<Record<keyof ConnectDraft, 'name' | 'corpid' | 'agentId' | 'secret'>> {
  const given = trim(draft)
  return {
    ...(given.name === '' && { name: 'name' as const }),
    ...(!/^w[wx][0-9a-zA-Z]{10,40}$/.test(given.wecomCorpid) && { wecomCorpid: 'corpid' as const }),
    ...(!/^[1-9]\d*$/.test(given.agentId) && { agentId: 'agentId' as const }),
    ...(given.appSecret.length < SECRET_MIN && { appSecret: 'secret' as const }),
    ...(given.contactSyncSecret !== '' &&
      given.contactSyncSecret.length < SECRET_MIN && { contactSyncSecret: 'secret' as const }),
  }
}

export function connectBody(draft: ConnectDraft): Body<'/api/corps', 'post'> {
  const { name, wecomCorpid, agentId, appSecret, contactSyncSecret } = trim(draft)
  return { name, wecomCorpid, agentId: Number(agentId), appSecret, ...(contactSyncSecret && { contactSyncSecret }) }
}

const trim = (draft: ConnectDraft): ConnectDraft => ({
  name: draft.name.trim(),
  wecomCorpid: draft.wecomCorpid.trim(),
  agentId: draft.agentId.trim(),
  appSecret: draft.appSecret.trim(),
  contactSyncSecret: draft.contactSyncSecret.trim(),
})
