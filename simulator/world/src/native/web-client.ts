import { sendControl } from '../control-api.ts'
import { spaceHan } from '../ui/han-spacing.ts'
import { markRead } from './read-marks.ts'
import type { Answer } from './use-phone-client.ts'

export interface WebClientPlace {
  corpid: string
  /** Who holds the phone, as WeCom knows him. */
  who: string
  name: string
  /** The card it was opened from. */
  opened: string
  at(page: { url: string; title: string }): void
  close(): void
}

/** What the browser inside WeChat answers a page: who holds the phone, and nothing of anybody's chats. What the page tells its server stands on the wire. */
export function createWebClient(place: () => WebClientPlace): Answer {
  const read = { title: '', depth: 0, seconds: 0, opened: false }
  const log = (api: string, sentence: string, ms: number, status: number, request?: unknown) =>
    void sendControl('POST', `/corps/${place().corpid}/wire`, {
      api,
      sentence: spaceHan(sentence),
      ms,
      status,
      ...(request === undefined ? {} : { request }),
    }).catch(() => undefined)
  const beat = (told: Record<string, unknown>) => {
    const { name, opened } = place()
    const said = JSON.parse(String(told.body)) as { seconds: number; depth: number; bye: boolean }
    const answer = JSON.parse(String(told.answer)) as { counted?: boolean }
    if (!answer.counted) return
    Object.assign(read, { title: String(told.title), depth: said.depth, seconds: said.seconds })
    const api = `POST ${String(told.path)}`
    const tell = (sentence: string) =>
      log(api, `${name}${sentence}《${read.title}》`, Number(told.ms), Number(told.status), said)
    if (!read.opened) tell('打开了')
    if (said.bye) tell(`读到 ${said.depth}%，看了 ${said.seconds} 秒`)
    read.opened = true
    markRead(opened, said.depth)
  }
  return async (name, params) => {
    const { who, at, close } = place()
    switch (name) {
      case 'who':
        return { who }
      case 'holder':
        // Whom nobody follows is known by his openid alone.
        return { same: [who, `o${who.slice(2, 29)}`].includes(String(params.phone)) }
      case 'at':
        at({ url: String(params.url), title: String(params.title) })
        return {}
      case 'told':
        if (params.path === '/api/m/radar/beats' && params.status === 200) beat(params)
        if (params.path === '/api/m/radar/quiet') {
          const { quiet } = JSON.parse(String(params.body)) as { quiet: boolean }
          log(
            'PUT /api/m/radar/quiet',
            `${place().name}${quiet ? '选了不让看' : '又让看了'}`,
            Number(params.ms),
            Number(params.status),
          )
        }
        return {}
      case 'close':
        close()
        return {}
      default:
        return { errMsg: `${name}:function not exist` }
    }
  }
}
