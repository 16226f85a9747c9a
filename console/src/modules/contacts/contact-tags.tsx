import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { ChoiceList } from '../../ui/choice-list.tsx'
import { Float } from '../../ui/float.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { TagButton } from '../../ui/tag-chip.tsx'
import { Moment } from '../../ui/time.tsx'
import { RuleStory } from '../auto-tags/rule-story.tsx'
import { explainTagging } from '../events/describe-event.ts'
import { useSayMeaning } from '../events/event-words.tsx'
import { useCan } from '../staff/session.ts'
import styles from './contacts.module.css'
import { gatherTags, type HeldTag } from './gather-tags.ts'
import type { Contact } from './profile.tsx'

function useEditTags(contactId: string) {
  const onError = useProblemToast()
  return api.useMutation('post', '/api/contacts/{contactId}/tags', {
    onError,
    onSuccess() {
      void queryClient.invalidateQueries({
        queryKey: ['get', '/api/contacts/{contactId}', { params: { path: { contactId } } }],
      })
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/contacts'] })
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/tag-groups'] })
    },
  })
}

export function ContactTags({ contact }: { contact: Contact }) {
  const { t } = useTranslation()
  const tags = gatherTags(contact.follows)
  const mayTag = useCan('contacts.tag') && contact.lostAt === null
  return (
    <div className={styles.tags}>
      {tags.map((tag) => (
        <TagStory key={tag.tagId} contact={contact} tag={tag} mayTag={mayTag} />
      ))}
      {tags.length === 0 && <span className="quiet small">{t('contacts.noTags')}</span>}
      {mayTag && <AddTag contact={contact} held={tags} />}
    </div>
  )
}

/** Press a tag: who put it, when, because of what; and the way to take it off. */
function TagStory({ contact, tag, mayTag }: { contact: Contact; tag: HeldTag; mayTag: boolean }) {
  const { t } = useTranslation()
  const say = useSayMeaning()
  const { message } = App.useApp()
  const [open, setOpen] = useState(false)
  const edit = useEditTags(contact.contactId)
  const remove = () => {
    edit.mutate(
      { params: { path: { contactId: contact.contactId } }, body: { add: [], remove: [tag.tagId] } },
      { onSuccess: () => void message.success(t('contacts.tagRemoved', { name: tag.name })) },
    )
    setOpen(false)
  }
  const { ruleId, segmentId } = tag.reason
  const rule = typeof ruleId === 'string' &&
    typeof segmentId === 'string' && {
      contactId: contact.contactId,
      tagName: tag.name,
      provenance: { ruleId, segmentId },
    }
  const lines = [
    ['who', say(explainTagging({ ...tag.reason, source: tag.source }))],
    ['when', <Moment key="when" at={tag.addedAt} />],
    ...(rule ? [['until', <RuleStory key="until" {...rule} />] as const] : []),
    ['group', tag.groupName],
    ['staff', tag.staffNames.join('、')],
    ['state', tag.inWecom ? t('tags.explain.inWecom') : t('tags.explain.waiting')],
  ] as const
  return (
    <Float
      open={open}
      onOpenChange={setOpen}
      label={tag.name}
      content={
        <div className={styles.story}>
          <dl>
            {lines.map(([word, value]) => (
              <div key={word} style={{ display: 'contents' }}>
                <dt>{t(`tags.explain.${word}`)}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          {mayTag && (
            <div>
              <Button size="small" onClick={remove} loading={edit.isPending}>
                {t('tags.explain.remove')}
              </Button>
            </div>
          )}
        </div>
      }
    >
      <TagButton name={tag.name} source={tag.source} pending={!tag.inWecom} />
    </Float>
  )
}

function AddTag({ contact, held }: { contact: Contact; held: HeldTag[] }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [open, setOpen] = useState(false)
  const library = api.useQuery('get', '/api/tag-groups', {}, { enabled: open })
  const edit = useEditTags(contact.contactId)
  const has = new Set(held.map(({ tagId }) => tagId))
  const choices =
    library.data?.groups.flatMap((group) =>
      group.tags
        .filter(({ tagId }) => !has.has(tagId))
        .map(({ tagId, name }) => ({ value: tagId, label: name, group: group.name })),
    ) ?? []
  const add = (tagId: string) => {
    const name = choices.find(({ value }) => value === tagId)?.label ?? ''
    edit.mutate(
      { params: { path: { contactId: contact.contactId } }, body: { add: [tagId], remove: [] } },
      { onSuccess: () => void message.success(t('contacts.tagSaved', { name })) },
    )
    setOpen(false)
  }
  const empty = library.data && library.data.groups.length === 0
  return (
    <Float
      open={open}
      onOpenChange={setOpen}
      label={t('contacts.addTag')}
      content={
        empty ? (
          <p style={{ maxWidth: 220 }}>{t('contacts.noTagsInLibrary')}</p>
        ) : (
          <ChoiceList label={t('contacts.addTag')} choices={choices} chosen={[]} onChoose={add} />
        )
      }
    >
      <button type="button" className={styles.addTag} disabled={edit.isPending}>
        <Icon name="plus" size={12} />
        {t('contacts.addTag')}
      </button>
    </Float>
  )
}
