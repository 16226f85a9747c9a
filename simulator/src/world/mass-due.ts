import { say } from './chat.ts'
import type { Corp } from './corp.ts'
import { isReady, sendMass } from './mass-messages.ts'
import { publishMoment, reactToMoment } from './moments.ts'
import { customerDeletes } from './people.ts'
import { Refusal } from './refusal.ts'
import type { World } from './world.ts'

interface Act {
  at: number
  perform(): void
}

/**
 * What members and customers would have done by now about mass messages and moments, left to themselves, in the order
 * of its time. After a jump of the clock each thing carries the time it was due.
 */
export function doWhatIsDue(world: World, corp: Corp): void {
  const now = world.clock.seconds()
  const acts = [...massActs(world, corp, now), ...momentActs(world, corp, now)]
  acts.sort((a, b) => a.at - b.at)
  for (const act of acts) {
    try {
      act.perform()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error // somebody parted a moment before: part of life
    }
  }
}

function* massActs(world: World, corp: Corp, now: number): Iterable<Act> {
  for (const task of corp.massTasks.values()) {
    for (const notice of task.notices) {
      const { userid, dueAt, replies } = notice
      if (isDue(dueAt, now) && isReady(world, task) && corp.findStaff(userid)) {
        yield { at: dueAt, perform: () => void sendMass(world, corp, { msgid: task.msgid, userid, at: dueAt }) }
      }
      if (!replies?.some((reply) => reply.at <= now)) continue
      notice.replies = replies.filter((reply) => reply.at > now)
      corp.saveMassTask(task)
      for (const { externalUserid, at, text } of replies) {
        if (at > now || !corp.findFollow(userid, externalUserid)) continue
        yield {
          at,
          perform: () =>
            text === undefined
              ? customerDeletes(world, corp, userid, externalUserid)
              : void say(world, corp, { userid, externalUserid, from: 'customer', kind: 'text', text, at }),
        }
      }
    }
  }
}

function* momentActs(world: World, corp: Corp, now: number): Iterable<Act> {
  for (const moment of corp.moments.values()) {
    const { momentId } = moment
    for (const notice of moment.notices) {
      const { userid, dueAt, plans } = notice
      if (isDue(dueAt, now) && isReady(world, moment) && corp.findStaff(userid)) {
        yield { at: dueAt, perform: () => void publishMoment(world, corp, { momentId, userid, at: dueAt }) }
      }
      if (!plans?.some((plan) => plan.at <= now)) continue
      notice.plans = plans.filter((plan) => plan.at > now)
      corp.saveMoment(moment)
      for (const plan of plans) {
        if (plan.at <= now && corp.findFollow(userid, plan.externalUserid!))
          yield { at: plan.at, perform: () => reactToMoment(world, corp, { ...plan, momentId, userid }) }
      }
    }
  }
}

function isDue(dueAt: number | undefined, now: number): dueAt is number {
  return dueAt !== undefined && dueAt <= now
}
