import type { TFunction } from 'i18next'
import type { IconName } from '../../ui/icon.tsx'
import { blank, type Span } from '../segments/rule.ts'
import type { Vocabulary } from '../segments/use-names.ts'
import { blankStep, blankTrigger, type Draft, type Step, type StepKind, type StepOf, type Trigger } from './steps.ts'

export const TEMPLATES = [
  { name: 'friend', icon: 'personAdd' },
  { name: 'stage', icon: 'bars' },
  { name: 'birthday', icon: 'sun' },
  { name: 'silence', icon: 'moon' },
  { name: 'repurchase', icon: 'refresh' },
  { name: 'festival', icon: 'lamp' },
  { name: 'group', icon: 'message' },
] as const satisfies readonly { name: string; icon: IconName }[]
export type TemplateName = (typeof TEMPLATES)[number]['name']

const days = (n: number): Span => ({ n, unit: 'day' })
const hours = (n: number): Span => ({ n, unit: 'hour' })
const order = { kind: 'order.paid' }

/** A journey with nothing in it but what starts it. */
export const emptyDraft = (name: string, trigger: Trigger): Draft => ({
  name,
  trigger,
  first: null,
  steps: [],
  priority: 5,
  again: { kind: 'never' },
  leaveOn: { reply: false, order: false, segmentId: null },
  goal: null,
  workdays: false,
})

type Given<Kind extends StepKind> = Partial<Omit<StepOf<Kind>, 'kind' | 'key'>>

/**
 * A journey one can publish once its gaps are filled: which segment, which group, is for the corp to say. What the corp's
 * own books already answer (the topic of care, the field of the birthday) is put in.
 */
export function templateDraft(
  template: TemplateName,
  t: TFunction,
  { fields, stages }: Pick<Vocabulary, 'fields' | 'stages'>,
  topics: readonly string[],
  today: string,
): Draft {
  const say = (key: string) => String(t(`journeys.template.${template}.${key}` as never))
  const step = <Kind extends StepKind>(kind: Kind, nr: number, given: Given<Kind> = {}): Step =>
    ({ ...blankStep(kind, `n${nr}`, (at) => t('journeys.form.armNew', { n: at + 1 })), ...given }) as Step
  const care = topics.find((topic) => topic === '关怀') ?? topics[0] ?? ''
  const selling = topics.find((topic) => topic === '营销') ?? topics[0] ?? ''
  const birthday = fields.find(({ kind, label }) => kind === 'date' && /生日|birth/i.test(label))
  const bought = blank('did')
  const made = (trigger: Trigger, given: Partial<Draft>, steps: Step[]): Draft => ({
    ...emptyDraft(say('name'), trigger),
    first: 'n1',
    steps,
    ...given,
  })
  switch (template) {
    case 'friend':
      return made(blankTrigger('friend', today), { goal: { deed: order, within: days(30) } }, [
        step('wait', 1, { span: hours(2), at: null, next: 'n2' }),
        step('message', 2, { topic: care, text: say('hello'), next: 'n3' }),
        step('event', 3, { deed: order, within: days(3), next: 'n6', otherwise: 'n4' }),
        step('message', 4, { topic: selling, text: say('offer'), next: 'n5' }),
        step('event', 5, { deed: order, within: days(4), next: 'n6', otherwise: 'n7' }),
        step('goal', 6, { name: say('goal') }),
        step('task', 7, { title: say('card'), note: say('cardHow'), due: days(2) }),
      ])
    case 'stage':
      return made(
        { kind: 'stage', stageIds: stages[1] ? [stages[1].value] : [] },
        { leaveOn: { reply: false, order: true, segmentId: null }, again: { kind: 'after', span: days(30) } },
        [
          step('wait', 1, { span: days(3), workdays: true, next: 'n2' }),
          step('task', 2, { title: say('card'), note: say('cardHow'), next: 'n3' }),
          step('wait', 3, { span: days(4), workdays: true, next: 'n4' }),
          step('message', 4, { topic: care, text: say('again') }),
        ],
      )
    case 'birthday':
      return made(
        { kind: 'date', fieldId: birthday?.value ?? '', days: -3, at: '10:00' },
        { again: { kind: 'after', span: days(300) } },
        [
          step('task', 1, { title: say('card'), note: say('cardHow'), due: days(2), next: 'n2' }),
          step('wait', 2, { span: days(3), at: '09:30', next: 'n3' }),
          step('message', 3, { topic: care, text: say('wish'), within: days(1) }),
        ],
      )
    case 'silence':
      return made(
        { kind: 'segment', segmentId: '' },
        {
          leaveOn: { reply: false, order: true, segmentId: null },
          again: { kind: 'after', span: days(90) },
          goal: { deed: order, within: days(30) },
        },
        [
          step('message', 1, { topic: care, text: say('ask'), next: 'n2' }),
          step('event', 2, { deed: { kind: 'message.sent' }, within: days(5), next: 'n3', otherwise: 'n4' }),
          step('task', 3, { title: say('card'), note: say('cardHow'), due: days(1) }),
          step('random', 4, {
            arms: [
              { name: say('gift'), weight: 1, next: 'n5' },
              { name: say('rest'), weight: 1, next: null },
            ],
          }),
          step('message', 5, { topic: selling, text: say('offer') }),
        ],
      )
    case 'repurchase':
      return made(
        { kind: 'event', deed: order },
        { again: { kind: 'after', span: days(20) }, goal: { deed: order, within: days(45) }, priority: 4 },
        [
          step('wait', 1, { span: days(25), next: 'n2' }),
          step('split', 2, {
            arms: [
              {
                name: say('did'),
                rule: { is: 'all', of: [{ ...bought, within: days(24) } as typeof bought] },
                next: null,
              },
            ],
            otherwise: 'n3',
          }),
          step('message', 3, { topic: selling, text: say('remind') }),
        ],
      )
    case 'festival':
      return made({ kind: 'calendar', on: today, at: '10:00', segmentId: '' }, {}, [
        step('broadcast', 1, { topic: selling, text: say('wish'), at: '10:30', next: 'n2' }),
        step('event', 2, { deed: order, within: days(3), next: 'n3', otherwise: null }),
        step('goal', 3, { name: say('goal') }),
      ])
    case 'group':
      return made({ kind: 'group', groupChatIds: [] }, {}, [
        step('wait', 1, { span: days(1), next: 'n2' }),
        step('message', 2, { topic: care, text: say('day1'), next: 'n3' }),
        step('wait', 3, { span: days(2), next: 'n4' }),
        step('message', 4, { topic: care, text: say('day3'), next: 'n5' }),
        step('wait', 5, { span: days(4), next: 'n6' }),
        step('message', 6, { topic: selling, text: say('day7') }),
      ])
  }
}
