import type { TFunction } from 'i18next'
import { type Names, sayDeed, saySpan } from '../segments/say-rule.ts'
import type { Vocabulary } from '../segments/use-names.ts'
import type { Face } from './faces.ts'
import { type Draft, KINDS, type Step, TRIGGERS, type Trigger } from './steps.ts'

const SHOWN = 24
const short = (text: string) => {
  const [line = ''] = text.trim().split('\n')
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line
}
const list = (ids: readonly string[], name: (id: string) => string, t: TFunction) =>
  ids.map(name).join(t('journeys.say.and'))

/** What a step does: its deed in bold, the rest beside it. The two read as one sentence. */
export function sayStep(step: Step, t: TFunction, words: Vocabulary, problems: string[] = []): Face {
  const { family, icon } = KINDS.find(({ kind }) => kind === step.kind) ?? KINDS[0]!
  return { family, icon, problems, ...said(step, t, words) }
}

function said(step: Step, t: TFunction, { names }: Vocabulary): Pick<Face, 'title' | 'line'> {
  const say = (key: string, given: Record<string, unknown> = {}) =>
    String(t(`journeys.say.${key}` as never, given as never))
  switch (step.kind) {
    case 'wait':
      return {
        title: say('wait', { span: saySpan(step.span, t) }),
        line: [step.at && say('waitAt', { at: step.at }), step.workdays && say('workdays')]
          .filter(Boolean)
          .join(say('comma')),
      }
    case 'until':
      return { title: say('until', { days: sayWeekdays(step.weekdays, t) }), line: say('untilAt', { at: step.at }) }
    case 'event':
      return {
        title: say('event', { deed: sayDeed(step.deed, t, names) }),
        line: say('eventWithin', { span: saySpan(step.within, t) }),
      }
    case 'message':
    case 'broadcast': {
      const text = short(step.text)
      const what = text
        ? say('quoted', { text })
        : step.materialIds.length > 0
          ? say('materials', { n: step.materialIds.length })
          : '…'
      return {
        title: say(step.kind, { what }),
        line:
          step.kind === 'message'
            ? say('messageWithin', { span: saySpan(step.within, t) })
            : say('broadcastAt', { at: step.at }),
      }
    }
    case 'notice':
      return { title: say('notice', { title: step.title || '…' }), line: short(step.text) }
    case 'task':
      return { title: say('task', { title: step.title || '…' }), line: say('taskDue', { span: saySpan(step.due, t) }) }
    case 'tag':
      return {
        title:
          step.add.length > 0 || step.remove.length === 0
            ? say('tagAdd', { tags: list(step.add, names.tag, t) || '…' })
            : say('tagRemove', { tags: list(step.remove, names.tag, t) }),
        line:
          step.add.length > 0 && step.remove.length > 0
            ? say('tagAlso', { tags: list(step.remove, names.tag, t) })
            : '',
      }
    case 'stage':
      return { title: say('stage', { stage: step.stageId ? names.stage(step.stageId) : '…' }), line: '' }
    case 'field':
      return {
        title: say('field', { field: step.fieldId ? names.field(step.fieldId) : '…' }),
        line: say('fieldTo', { value: step.value || '…' }),
      }
    case 'split':
      return { title: say('split'), line: say('splitWays', { n: step.arms.length + 1 }) }
    case 'random':
      return {
        title: say('random'),
        line: shares(step.arms)
          .map((n, nr) => `${step.arms[nr]!.name} ${n}%`)
          .join(say('and')),
      }
    case 'goal':
      return { title: say('goal', { name: step.name || '…' }), line: say('goalWhy') }
    case 'exit':
      return { title: say('exit'), line: '' }
  }
}

/** Percents of weights, rounded. */
export const shares = (arms: readonly { weight: number }[]): number[] => {
  const total = arms.reduce((sum, { weight }) => sum + weight, 0)
  return arms.map(({ weight }) => Math.round((weight / Math.max(total, 1)) * 100))
}

/** The word on a way out of a fork. */
export function sayWay(step: Step | undefined, port: string, t: TFunction): string | undefined {
  switch (step?.kind) {
    case 'split':
      return port === 'otherwise'
        ? t('journeys.say.otherwise')
        : step.arms[Number(port)]?.name || t('journeys.say.unnamed')
    case 'random':
      return `${step.arms[Number(port)]?.name ?? ''} ${shares(step.arms)[Number(port)] ?? 0}%`
    case 'event':
      return port === 'otherwise' ? t('journeys.say.timeout') : t('journeys.say.happened')
    default:
      return undefined
  }
}

export function sayTrigger(draft: Draft, t: TFunction, words: Vocabulary, problems: string[] = []): Face {
  const { icon } = TRIGGERS.find(({ kind }) => kind === draft.trigger.kind) ?? TRIGGERS[0]!
  const again =
    draft.again.kind === 'never'
      ? t('journeys.say.once')
      : t('journeys.say.againAfter', { span: saySpan(draft.again.span, t) })
  return { family: 'start', icon, title: sayStart(draft.trigger, t, words.names), line: again, problems }
}

/** What starts a journey, in a sentence. */
export function sayStart(trigger: Trigger, t: TFunction, names: Names): string {
  const say = (key: string, given: Record<string, unknown> = {}) =>
    String(t(`journeys.sayTrigger.${key}` as never, given as never))
  switch (trigger.kind) {
    case 'friend': {
      const who = list(trigger.staffIds, names.staff, t)
      const by = list(trigger.channelCodeIds, names.code, t)
      if (by) return say('friendBy', { by })
      return who ? say('friendOf', { who }) : say('friend')
    }
    case 'event':
      return say('event', { deed: sayDeed(trigger.deed, t, names) })
    case 'segment':
      return say('segment', { name: trigger.segmentId ? names.segment(trigger.segmentId) : '…' })
    case 'tag':
      return say('tag', { tags: list(trigger.tagIds, names.tag, t) || '…' })
    case 'stage':
      return say('stage', { stages: list(trigger.stageIds, names.stage, t) || '…' })
    case 'date':
      return say(trigger.days < 0 ? 'dateBefore' : trigger.days === 0 ? 'dateOn' : 'dateAfter', {
        field: trigger.fieldId ? names.field(trigger.fieldId) : '…',
        days: Math.abs(trigger.days),
        at: trigger.at,
      })
    case 'group':
      return trigger.groupChatIds.length > 0
        ? say('groups', { groups: list(trigger.groupChatIds, names.group, t) })
        : say('group')
    case 'calendar':
      return say('calendar', {
        on: trigger.on,
        at: trigger.at,
        name: trigger.segmentId ? names.segment(trigger.segmentId) : '…',
      })
  }
}

function sayWeekdays(weekdays: readonly number[], t: TFunction): string {
  const held = weekdays.toSorted()
  if (held.join() === '1,2,3,4,5') return t('journeys.say.mondayToFriday')
  if (held.join() === '6,7') return t('journeys.say.weekend')
  if (held.length === 0 || held.length === 7) return t('journeys.say.anyDay')
  return held.map((on) => t(`broadcasts.weekday.d${on as 1}`)).join(t('journeys.say.and'))
}
