import type { ChatMessage } from '../../../src/native/send.ts'
import { sendControl } from '../control-api.ts'
import type { Answer } from './use-phone-client.ts'

export interface StaffClientPlace {
  corpid: string
  userid: string
  externalUserid: string
  /** Asks the member, who sends by his own tap; false: he would not. */
  confirm(message: ChatMessage): Promise<boolean>
  openProfile(): void
  touched(part: string): void
  usable(ms: number): void
}

/** WeCom's client in the phone of a member who talks with a customer. Of each page it believes nothing until its signature fits. */
export function createStaffClient(place: () => StaffClientPlace): Answer {
  let verified = false
  const say = (name: string, word: string, more: Record<string, unknown> = {}) => ({
    errMsg: `${name}:${word}`,
    ...more,
  })
  const verify = async (name: string, kind: 'corp' | 'agent', shown: Record<string, unknown>) => {
    const { corpid } = place()
    const { errCode, why } = await sendControl<{ errCode: number; why?: string }>(
      'POST',
      `/corps/${corpid}/native/verify`,
      { kind, ...shown },
    ).catch(() => ({ errCode: -1, why: '模拟器没有应答' }))
    if (errCode !== 0) return say(name, 'fail_invalid signature', { errCode, why })
    if (kind === 'agent') verified = true
    return say(name, 'ok')
  }
  const send = async (message: ChatMessage) => {
    const { corpid, userid, externalUserid, confirm } = place()
    if (!(await confirm(message))) return say('sendChatMessage', 'cancel')
    return sendControl('POST', `/corps/${corpid}/native/send`, { userid, externalUserid, message }).then(
      () => say('sendChatMessage', 'ok'),
      (error: Error) => say('sendChatMessage', 'fail', { errCode: -1, why: error.message }),
    )
  }
  return async (name, params) => {
    const { userid, externalUserid } = place()
    switch (name) {
      case 'who':
        return { who: userid }
      case 'holder':
        verified = false
        return { same: String(params.phone).toLowerCase() === userid.toLowerCase() }
      case 'touched':
        place().touched(String(params.part))
        return {}
      case 'usable':
        place().usable(Number(params.ms))
        return {}
      case 'preVerifyJSAPI':
        return verify(name, 'corp', {
          corpid: params.verifyAppId,
          agentId: 0,
          url: params.url,
          timestamp: params.verifyTimestamp,
          nonceStr: params.verifyNonceStr,
          signature: params.verifySignature,
        })
      case 'agentConfig': {
        const { corpid, agentid, url, timestamp, nonceStr, signature } = params
        return verify(name, 'agent', { corpid, agentId: agentid, url, timestamp, nonceStr, signature })
      }
      case 'getContext':
        return verified ? say(name, 'ok', { entry: 'single_chat_tools' }) : say(name, 'fail no permission')
      case 'getCurExternalContact':
        return verified ? say(name, 'ok', { userId: externalUserid }) : say(name, 'fail no permission')
      case 'getCurExternalChat':
        return say(name, verified ? 'fail without context of external contact' : 'fail no permission')
      case 'sendChatMessage':
        return verified ? send(params as unknown as ChatMessage) : say(name, 'fail no permission')
      case 'openUserProfile':
        if (!verified) return say(name, 'fail no permission')
        place().openProfile()
        return say(name, 'ok')
      default:
        return say(name, 'function not exist')
    }
  }
}
