import { writeXml } from '@siyu/wecom/xml'
import type { Corp } from './corp.ts'
import type { OutEvent } from './records.ts'
import type { World } from './world.ts'

type EventFields = Record<string, string | number | { Item: string[] } | undefined>

interface NewEvent {
  event: string
  changeType: string
  receiver?: OutEvent['receiver']
  /** What it is about: events about the same thing keep their order. */
  about: string
  sentence: string
  fields: EventFields
  welcomeCode?: string
}

/**
 * Puts a callback into the outbox. Only what simulated people do in the client or the console comes here:
 * changes made through the API are silent, as in WeCom.
 */
export function emit(
  world: World,
  corp: Corp,
  { event, changeType, receiver = 'app', about, sentence, ...rest }: NewEvent,
): void {
  const at = world.clock.seconds()
  // `create` alone would not say of what: only contact changes are known by their ChangeType.
  const name = event === 'change_external_contact' ? changeType : `${event}/${changeType}`
  if (!corp.info.receivers[receiver]) {
    world.wire.log({
      at: world.clock.virtualMs(),
      corpid: corp.info.corpid,
      direction: 'callback',
      api: name,
      sentence,
      result: '没有配置接收地址',
      ok: false,
      ms: 0,
    })
    return
  }
  const xml = writeXml('xml', {
    ToUserName: corp.info.corpid,
    FromUserName: 'sys',
    CreateTime: at,
    MsgType: 'event',
    Event: event,
    ChangeType: changeType,
    ...rest.fields,
  })
  world.outbox.enqueue(corp, {
    seq: corp.nextSequence(),
    receiver,
    lane: about,
    name,
    sentence,
    xml,
    at,
    attempts: 0,
    welcomeCode: rest.welcomeCode,
  })
}
