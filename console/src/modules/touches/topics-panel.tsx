import { Button, Checkbox, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import styles from './touches.module.css'
import type { Policy } from './use-touches.ts'

const TOPICS_MAX = 20
const KINDS = ['member', 'subscribe', 'advisor'] as const

/** What touches are about: which count against the caps, and which only go to people who agreed. */
export function TopicsPanel({
  policy,
  mayWrite,
  onChange,
}: {
  policy: Policy
  mayWrite: boolean
  onChange: (to: Partial<Policy>) => void
}) {
  const { t } = useTranslation()
  const { topics, caps, agreements } = policy
  const rename = (index: number, name: string) => {
    const before = topics[index]!.name
    const swap = (topic: string) => (topic === before ? name : topic)
    onChange({
      topics: topics.map((one, i) => (i === index ? { ...one, name } : one)),
      caps: caps.map((cap) => ({ ...cap, topics: cap.topics.map(swap) })),
      agreements: agreements.map((one) => ({ ...one, topic: swap(one.topic) })),
    })
  }
  const remove = (index: number) => {
    const { name } = topics[index]!
    onChange({
      topics: topics.filter((_, i) => i !== index),
      caps: caps.map((cap) => ({ ...cap, topics: cap.topics.filter((topic) => topic !== name) })),
      agreements: agreements.filter(({ topic }) => topic !== name),
    })
  }
  const ask = (topic: string, kind: (typeof KINDS)[number] | 'none') => {
    const others = agreements.filter((one) => one.topic !== topic)
    onChange({ agreements: kind === 'none' ? others : [...others, { topic, kind }] })
  }
  return (
    <Panel
      title={t('touches.topics')}
      sub={t('touches.topicsWhy')}
      extra={
        mayWrite && (
          <Button
            size="small"
            icon={<Icon name="plus" size={13} />}
            disabled={topics.length >= TOPICS_MAX}
            onClick={() =>
              onChange({
                topics: [...topics, { name: t('touches.newTopic', { n: topics.length + 1 }), exempt: false }],
              })
            }
          >
            {t('touches.addTopic')}
          </Button>
        )
      }
    >
      <ul className={styles.topics}>
        {topics.map(({ name, exempt }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the name is what is being edited
          <li key={index}>
            <Input
              aria-label={t('touches.topic')}
              maxLength={20}
              disabled={!mayWrite}
              value={name}
              onChange={(event) => rename(index, event.target.value)}
            />
            <Checkbox
              disabled={!mayWrite}
              checked={exempt}
              onChange={({ target }) =>
                onChange({ topics: topics.map((one, i) => (i === index ? { ...one, exempt: target.checked } : one)) })
              }
            >
              {t('touches.exempt')}
            </Checkbox>
            <Select
              aria-label={t('touches.needs', { topic: name })}
              disabled={!mayWrite}
              value={agreements.find(({ topic }) => topic === name)?.kind ?? 'none'}
              options={[
                { value: 'none', label: t('touches.noAgreementNeeded') },
                ...KINDS.map((kind) => ({
                  value: kind,
                  label: t('touches.onlyAgreed', { kind: t(`touches.kind.${kind}`) }),
                })),
              ]}
              onChange={(kind) => ask(name, kind as (typeof KINDS)[number] | 'none')}
            />
            {mayWrite && topics.length > 1 && (
              <Button
                type="text"
                size="small"
                aria-label={t('touches.removeTopic', { topic: name })}
                icon={<Icon name="close" size={14} />}
                onClick={() => remove(index)}
              />
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
