import { nameOf } from '../world/known.ts'
import { sayWelcome, spendWelcome, tryWelcome } from '../world/welcome.ts'
import { readAttachments } from './attachments.ts'
import { type Call, type Endpoint, fail } from './endpoint.ts'
import type { Body } from './params.ts'

/** path/92137, 2026-11. */
const TEXT_BYTES_MAX = 4000

function sendWelcome(call: Call): Body {
  const { world, corp, body } = call
  const text = (body.text as { content?: string } | undefined)?.content ?? ''
  const given = (body.attachments as Body[] | undefined) ?? []
  if (text === '' && given.length === 0) fail(44004, '文本与附件至少要有一样')
  const attachments = readAttachments(world, corp, given)
  const { errcode, welcome } = tryWelcome(world, corp, body.welcome_code as string)
  if (errcode !== 0 || !welcome) return fail(errcode)
  const { delaySeconds } = spendWelcome(world, corp, welcome)
  if (text !== '') sayWelcome(world, corp, welcome, 'text', text, delaySeconds)
  for (const it of attachments) sayWelcome(world, corp, welcome, it.kind, it.text, delaySeconds, it.content)
  corp.addEffect({
    at: world.clock.seconds(),
    api: 'externalcontact/send_welcome_msg',
    kind: 'welcome',
    userid: welcome.userid,
    externalUserid: welcome.externalUserid,
    id: welcome.code,
    content: { text, attachments: given },
  })
  return {}
}

export const welcomeEndpoints: Endpoint[] = [
  {
    path: 'externalcontact/send_welcome_msg',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'welcome_code', is: 'text', need: 41049, bad: 41050 },
      { at: 'text.content', is: 'text', bytesMax: TEXT_BYTES_MAX },
      { at: 'attachments', is: 'objects' },
    ],
    reserve({ corp, world, body }, ms) {
      const welcome = corp.welcomes.get(String(body.welcome_code))
      if (welcome) welcome.sendingUntilWireMs = world.clock.wireMs() + ms - 1
    },
    handle: sendWelcome,
    say({ corp, body }) {
      const welcome = corp.welcomes.get(String(body.welcome_code))
      return welcome ? `给${nameOf(corp, welcome.externalUserid)}的欢迎语已发出，每个欢迎码只用一次` : '发欢迎语'
    },
  },
]
