import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Panel } from '../../ui/panel.tsx'
import { readNames } from './order-tags.ts'
import styles from './tags.module.css'
import { NAME_MAX, useTagChanges } from './use-tags.ts'

/** In the page, not over it: a group and its first tags, for WeCom knows no empty group. */
export function NewGroup({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const { createGroup } = useTagChanges()
  const [name, setName] = useState('')
  const [lines, setLines] = useState('')
  const [tried, setTried] = useState(false)
  const tags = readNames(lines)
  const nameWrong = name.trim() === '' ? t('tags.needName') : undefined
  const tagsWrong =
    tags.length === 0
      ? t('tags.needTags')
      : tags.some((tag) => [...tag].length > NAME_MAX)
        ? t('tags.tooLong')
        : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (nameWrong || tagsWrong) return
    createGroup.mutate({ body: { name: name.trim(), tags } }, { onSuccess: onDone })
  }
  return (
    <Panel title={t('tags.newGroup')}>
      <form className={styles.form} onSubmit={submit}>
        <label htmlFor="group-name">
          {t('tags.groupName')}
          <Input
            id="group-name"
            autoFocus
            maxLength={NAME_MAX}
            value={name}
            status={tried && nameWrong ? 'error' : undefined}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        {tried && nameWrong && (
          <span className={styles.wrong} role="alert">
            {nameWrong}
          </span>
        )}
        <label htmlFor="group-tags">
          {t('tags.tagNames')}
          <Input.TextArea
            id="group-tags"
            autoSize={{ minRows: 3, maxRows: 10 }}
            value={lines}
            status={tried && tagsWrong ? 'error' : undefined}
            onChange={(event) => setLines(event.target.value)}
          />
        </label>
        {tried && tagsWrong ? (
          <span className={styles.wrong} role="alert">
            {tagsWrong}
          </span>
        ) : (
          <span className="quiet small">{t('tags.tagNamesHint')}</span>
        )}
        <div style={{ display: 'flex', gap: 8 }}>
          <Button type="primary" htmlType="submit" loading={createGroup.isPending}>
            {t('tags.create')}
          </Button>
          <Button onClick={onDone}>{t('actions.cancel')}</Button>
        </div>
      </form>
    </Panel>
  )
}
