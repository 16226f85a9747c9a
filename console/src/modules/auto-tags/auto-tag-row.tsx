import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Icon } from '../../ui/icon.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { TagChip } from '../../ui/tag-chip.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { fromRule } from '../segments/rule.ts'
import { sayRule } from '../segments/say-rule.ts'
import type { Vocabulary } from '../segments/use-names.ts'
import styles from './auto-tags.module.css'
import { StopDialog } from './stop-dialog.tsx'
import { type AutoTag, useAutoTagChanges } from './use-auto-tags.ts'

interface Props {
  rule: AutoTag
  words: Vocabulary
  mayWrite: boolean
  /** Where it is asked, in an exclusive group. */
  place: number | undefined
  isOrdered: boolean
  up: (() => void) | undefined
  down: (() => void) | undefined
}

export function AutoTagRow({ rule, words, mayWrite, place, isOrdered, up, down }: Props) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  return (
    <div className={`${styles.rule} ${rule.on ? '' : styles.off}`}>
      {place !== undefined && <span className={styles.place}>{place}</span>}
      <Link to={`/auto-tags/${rule.ruleId}`} className={styles.what}>
        <TagChip name={rule.tagName} source="rule" />
        <span className={styles.sentence}>{sayRule(fromRule(rule.rule), t, words.names)}</span>
      </Link>
      <span className={styles.state}>
        <State rule={rule} />
      </span>
      <Link to={`/contacts?tag=${rule.tagId}`} className={styles.figures}>
        <b>{count(rule.carriers)}</b> <span className="quiet">{t('autoTags.carry')}</span>
      </Link>
      <span className={styles.week} title={t('autoTags.week')}>
        {rule.week && rule.week.put + rule.week.taken > 0 ? (
          <span className="soft">
            {t('autoTags.lately')} +{count(rule.week.put)} −{count(rule.week.taken)}
          </span>
        ) : (
          <span className="quiet">—</span>
        )}
      </span>
      {mayWrite && (
        <span className={styles.tools}>
          {isOrdered && (
            <>
              <MoveButton icon="up" label={t('autoTags.up', { name: rule.tagName })} onClick={up} />
              <MoveButton icon="down" label={t('autoTags.down', { name: rule.tagName })} onClick={down} />
            </>
          )}
          <RuleMenu rule={rule} />
        </span>
      )}
    </div>
  )
}

function State({ rule }: { rule: AutoTag }) {
  const { t } = useTranslation()
  if (rule.failed !== null)
    return (
      <span className={styles.failed} title={rule.failed}>
        {t('segments.failed')}
      </span>
    )
  if (!rule.on) return <span className="quiet">{t('autoTags.off')}</span>
  if (rule.building)
    return (
      <span className="soft">
        {rule.building.total
          ? t('segments.buildingOf', { share: Math.floor((rule.building.done / rule.building.total) * 100) })
          : t('segments.building')}
      </span>
    )
  return <span className="soft">{rule.keep ? t('autoTags.onKept') : t('autoTags.on')}</span>
}

function MoveButton({
  icon,
  label,
  onClick,
}: {
  icon: 'up' | 'down'
  label: string
  onClick: (() => void) | undefined
}) {
  return (
    <Button
      size="small"
      type="text"
      disabled={!onClick}
      onClick={onClick}
      icon={<Icon name={icon} size={14} label={label} />}
    />
  )
}

function RuleMenu({ rule }: { rule: AutoTag }) {
  const { t } = useTranslation()
  const [stopping, setStopping] = useState<'off' | 'deleted'>()
  const { start } = useAutoTagChanges()
  const toggle = rule.on
    ? { key: 'off', label: t('autoTags.turnOff'), onClick: () => setStopping('off') }
    : {
        key: 'on',
        label: t('autoTags.turnOn'),
        onClick: () => start.mutate({ params: { path: { ruleId: rule.ruleId } } }),
      }
  const remove = { key: 'delete', danger: true, label: t('autoTags.delete'), onClick: () => setStopping('deleted') }
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items: [toggle, remove] }}>
        <Button
          size="small"
          type="text"
          icon={<Icon name="more" size={16} label={`${rule.tagName} ${t('actions.more')}`} />}
        />
      </Dropdown>
      <StopDialog rule={rule} state={stopping} onClose={() => setStopping(undefined)} />
    </>
  )
}
