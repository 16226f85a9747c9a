import {
  ensureConfigReady,
  getContext,
  getCurExternalChat,
  getCurExternalContact,
  type OpenUserProfileType,
  openUserProfile,
  register,
  sendChatMessage,
} from '@wecom/jssdk'
import { type ChatMessage, sign } from '../api/sidebar.ts'
import type { Boot } from '../sidebar/boot.ts'

/** Where the page was opened: beside the chat with a customer, in a group of customers, or somewhere without either. */
export type Place =
  | { is: 'customer'; id: string }
  | { is: 'chat'; id: string }
  | { is: 'nowhere'; why: 'context' | 'client' }

/** WeCom's client around the page, as the page needs it. */
export interface Client {
  place(): Promise<Place>
  openProfile(externalUserid: string): Promise<void>
  /** Puts a message into the chat, where the member sends it by his own tap; false: he did not. */
  send(message: ChatMessage): Promise<boolean>
}

const CALLS = ['getContext', 'getCurExternalContact', 'getCurExternalChat', 'sendChatMessage', 'openUserProfile']
const WITH_CUSTOMER = ['contact_profile', 'single_chat_tools', 'single_kf_tools', 'chat_attachment']
const EXTERNAL = 2 as OpenUserProfileType

/** Shows the client our signature, which came with the page, and answers with what it can be asked. */
export function openClient({ corp, sign: given }: Boot): Client {
  const openedAt = location.href.split('#', 1)[0]
  const signed = async (url: string) => {
    const { timestamp, nonceStr, ...signatures } = given && url === openedAt ? given : await sign(url)
    return (of: keyof typeof signatures) => ({ timestamp, nonceStr, signature: signatures[of] })
  }
  register({
    corpId: corp.id,
    agentId: corp.agentId,
    jsApiList: CALLS,
    getConfigSignature: async (url) => (await signed(url))('corp'),
    getAgentConfigSignature: async (url) => (await signed(url))('agent'),
  })
  return {
    async place() {
      if (!inClient()) return { is: 'nowhere', why: 'context' }
      await ensureConfigReady()
      const { entry } = await getContext()
      if (entry === 'group_chat_tools') return { is: 'chat', id: (await getCurExternalChat()).chatId }
      if (!WITH_CUSTOMER.includes(entry)) return { is: 'nowhere', why: 'context' }
      return { is: 'customer', id: (await getCurExternalContact()).userId }
    },
    async send(message) {
      try {
        await sendChatMessage({ ...message, enterChat: true } as Parameters<typeof sendChatMessage>[0])
        return true
      } catch (error) {
        const { errMsg = '' } = error as { errMsg?: string }
        if (errMsg.endsWith(':cancel')) return false
        throw error
      }
    },
    async openProfile(userid) {
      await openUserProfile({ type: EXTERNAL, userid })
    },
  }
}

/** Outside WeCom nobody would ever answer. */
const inClient = () => /wxwork/i.test(navigator.userAgent)
