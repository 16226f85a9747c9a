import type { ChatMessage, SentTo } from '../../../src/native/send.ts'
import { sendControl } from '../control-api.ts'
import type { Answer } from './use-phone-client.ts'

export interface StaffClientPlace {
  corpid: string
  userid: string
  /** Beside the chat with a customer, or a group. */
  beside: SentTo
  /** Asks the member, who sends by his own tap; false: he would not. */
  confirm(message: ChatMessage): Promise<boolean>
  openProfile(externalUserid: string): void
  touched(part: string): void
  usable(ms: number): void
}

/** WeCom's client in the phone of a member who talks with a customer, or in a group. Of each page it believes nothing until its signature fits. */
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
    const { corpid, userid, beside, confirm } = place()
    if (!(await confirm(message))) return say('sendChatMessage', 'cancel')
    return sendControl('POST', `/corps/${corpid}/native/send`, { userid, ...beside, message }).then(
      () => say('sendChatMessage', 'ok'),
      (error: Error) => say('sendChatMessage', 'fail', { errCode: -1, why: error.message }),
    )
  }
  return async (name, params) => {
    const { userid, beside } = place()
    const [chatId, externalUserid] =
      'chatId' in beside ? [beside.chatId, undefined] : [undefined, beside.externalUserid]
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
        return verified
          ? say(name, 'ok', { entry: chatId ? 'group_chat_tools' : 'single_chat_tools' })
          : say(name, 'fail no permission')
      case 'getCurExternalContact':
        if (!verified) return say(name, 'fail no permission')
        return externalUserid
          ? say(name, 'ok', { userId: externalUserid })
          : say(name, 'fail without context of external contact')
      case 'getCurExternalChat':
        if (!verified) return say(name, 'fail no permission')
        return chatId ? say(name, 'ok', { chatId }) : say(name, 'fail without context of external contact')
      case 'sendChatMessage':
        return verified ? send(params as unknown as ChatMessage) : say(name, 'fail no permission')
      case 'openUserProfile':
        if (!verified) return say(name, 'fail no permission')
        place().openProfile(String(params.userid))
        return say(name, 'ok')
      default:
        return say(name, 'function not exist')
    }
  }
}
