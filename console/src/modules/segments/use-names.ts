import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { useGroupNames } from '../groups/group-chip.tsx'
import { useCan } from '../staff/session.ts'
import { useStageBook } from '../stages/use-stages.ts'
import type { Names } from './say-rule.ts'

const STAFF_MAX = 200
const CODES_MAX = 100
type Kind = Pick<Answer<'/api/events/catalogue'>[number], 'kind' | 'title' | 'properties'>

export interface Choice {
  value: string
  label: string
}

/** Everything rules can name: what there is to choose, and what it is called. */
export interface Vocabulary {
  kinds: Kind[]
  tags: (Choice & { group: string })[]
  staff: Choice[]
  codes: Choice[]
  fields: (Choice & { kind: string; options: string[] })[]
  segments: Choice[]
  stages: Choice[]
  groups: Choice[]
  /** What a property's value may be chosen from, where it is a number of ours: the material, the form, the code … */
  valuesOf: (prop: string) => Choice[] | undefined
  names: Names
}

export function useVocabulary(): Vocabulary {
  const { t, i18n } = useTranslation()
  const staleTime = 60_000
  const catalogue = api.useQuery('get', '/api/events/catalogue', {}, { staleTime }).data
  const library = api.useQuery('get', '/api/tag-groups', {}, { staleTime }).data
  const members = api.useQuery('get', '/api/staff', { params: { query: { limit: STAFF_MAX } } }, { staleTime }).data
  const channels = api.useQuery(
    'get',
    '/api/channel-codes',
    { params: { query: { limit: CODES_MAX } } },
    { staleTime },
  ).data
  const own = api.useQuery('get', '/api/contact-fields', {}, { staleTime }).data
  const others = api.useQuery('get', '/api/segments', {}, { staleTime }).data
  const flows = useStageBook().data?.flows
  const chats = useGroupNames().data
  const mayRead = useCan('content.read')
  const titles = api.useQuery('get', '/api/material-titles', {}, { staleTime, enabled: mayRead }).data
  const forms = api.useQuery('get', '/api/forms', {}, { staleTime, enabled: mayRead }).data
  // biome-ignore lint/correctness/useExhaustiveDependencies: words change with the language alone
  return useMemo(() => {
    const kinds: Kind[] = catalogue ?? []
    const tags =
      library?.groups.flatMap((group) =>
        group.tags.map((tag) => ({ value: tag.tagId, label: tag.name, group: group.name })),
      ) ?? []
    const staff = members?.items.map(({ staffId, name }) => ({ value: staffId, label: name })) ?? []
    const codes = channels?.items.map(({ channelCodeId, name }) => ({ value: channelCodeId, label: name })) ?? []
    const fields =
      own?.map(({ contactFieldId, name, kind, options }) => ({ value: contactFieldId, label: name, kind, options })) ??
      []
    const segments = others?.items.map(({ segmentId, name }) => ({ value: segmentId, label: name })) ?? []
    const stages =
      flows?.flatMap((flow) =>
        flow.stages.map(({ stageId, name }) => ({
          value: stageId,
          label: flows.length > 1 ? `${flow.name} · ${name}` : name,
        })),
      ) ?? []
    const groups =
      chats?.items.map(({ groupChatId, name, owner, gone }) => ({
        value: groupChatId,
        label: `${name || t('groups.unnamedOf', { owner })}${gone ? `（${t('groups.gone')}）` : ''}`,
      })) ?? []
    const pieces = titles?.items.map(({ materialId, title }) => ({ value: materialId, label: title })) ?? []
    const asked = forms?.items.map(({ formId, title }) => ({ value: formId, label: title })) ?? []
    const known: Record<string, Choice[]> = {
      pieceId: pieces,
      form: asked,
      channelCodeId: codes,
      tagId: tags,
      toId: stages,
    }
    const nameIn = (choices: Choice[]) => (id: string) =>
      choices.find((one) => one.value === id)?.label ?? t('segments.gone')
    const word = (key: string, title: string) => (i18n.exists(key) ? t(key as never) : title) as string
    const names: Names = {
      kind: (kind) =>
        word(`segments.kinds.${kind.replaceAll('.', '_')}`, kinds.find((one) => one.kind === kind)?.title || kind),
      prop(kind, prop) {
        const found = kinds.find((one) => one.kind === kind)?.properties.find((one) => one.name === prop)
        return {
          title: word(`segments.props.${prop}`, found?.title || prop),
          isMoney: found?.type === 'money_fen' || prop === 'amountFen',
        }
      },
      tag: nameIn(tags),
      staff: nameIn(staff),
      code: nameIn(codes),
      field: nameIn(fields),
      segment: nameIn(segments),
      stage: nameIn(stages),
      group: nameIn(groups),
      value: (prop, value) => known[prop]?.find((one) => one.value === value)?.label ?? value,
    }
    return { kinds, tags, staff, codes, fields, segments, stages, groups, valuesOf: (prop) => known[prop], names }
  }, [catalogue, library, members, channels, own, others, flows, chats, titles, forms, i18n.language])
}
