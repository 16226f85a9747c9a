import type { Customer } from '../../../src/world/records.ts'

export function pronounOf({ gender }: Pick<Customer, 'gender'>): string {
  return gender === 2 ? '她' : gender === 1 ? '他' : 'TA'
}

export interface GuideScene {
  customer: string
  pronoun: string
  staff: string
  /** Whom the chosen code leads to, when it is one member. */
  codeStaff?: string
  code?: string
  found: boolean
  pending: boolean
  parted: boolean
  hasReceiver: boolean
  isAway: boolean
  paused: boolean
  waitedMs: number
  limitMs: number
}

/** 「轮到你：…」 where to tap, and what will change on the right. */
export function bandOf(now: number, scene: GuideScene): string {
  const { customer, pronoun, staff, code } = scene
  if (now === 0) {
    if (scene.pending) return `在${staff}的手机里点「通过」，欢迎码这时才发出来。`
    if (scene.found) return `在${customer}的手机里点「添加」，右边会收到一条加密的回调。`
    if (scene.parted) return `${customer}和${staff}已不是好友。再扫一次码就能加回来。`
    if (!code) return '还没有码可扫。先在控制台建一个渠道活码。'
    const whom = scene.codeStaff ? `导购${scene.codeStaff}` : '一位导购'
    return `让${customer}扫一下「${code}」，${pronoun}就会加上${whom}。`
  }
  if (now === 1) {
    if (!scene.hasReceiver) return '本系统还没接上，没人发欢迎语。到控制台接入企业微信后再扫一次。'
    if (scene.isAway) return '本系统没应答，回调还会重试。20 秒内回来，欢迎语就赶得上。'
    if (scene.paused) return '时钟停着，回调在等。点「继续」，欢迎语就会来。'
    const leftS = Math.max(0, Math.ceil((scene.limitMs - scene.waitedMs) / 1000))
    return `等本系统把欢迎语发出来，欢迎码还剩 ${leftS} 秒。`
  }
  if (now === 2) return `在${staff}的侧边栏里点一个带「＋」的标签，右边会多出一条调用。`
  if (now === 3) return `在侧边栏里点「全部」：加好友、欢迎语、标签，${pronoun}的事一条不少。`
  return ''
}
