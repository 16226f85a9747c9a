import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { ConditionLine } from './condition-line.tsx'
import { add, blank, DEPTH_MAX, type Group, isGroup, type Node, PARTS_MAX, put } from './rule.ts'
import styles from './segments.module.css'
import type { Vocabulary } from './use-names.ts'

interface Props {
  rule: Group
  words: Vocabulary
  /** How many each part of the outermost group holds by itself; undefined where that is not asked. */
  alone: readonly number[] | undefined
  onChange: (next: Group) => void
}

/** Groups of conditions within groups, edited in place. */
export function RuleBuilder(props: Props) {
  return <GroupBox {...props} group={props.rule} path={[]} />
}

function GroupBox({ group, path, ...props }: Props & { group: Group; path: number[] }) {
  const { t } = useTranslation()
  const { rule, onChange } = props
  const change = (at: number[], node: Node | undefined) => onChange(put(rule, at, node))
  const room = group.of.length < PARTS_MAX
  return (
    <div className={`${styles.group} ${group.is === 'any' ? styles.any : ''}`}>
      <div className={styles.groupHead}>
        <Segmented
          size="small"
          aria-label={t('segments.together')}
          value={group.is}
          options={(['all', 'any'] as const).map((value) => ({ value, label: t(`segments.${value}`) }))}
          onChange={(is) => change(path, { ...group, is })}
        />
        {path.length > 0 && (
          <>
            <button
              type="button"
              className={styles.not}
              aria-pressed={group.not === true}
              onClick={() => change(path, { ...group, not: !group.not })}
            >
              {group.not ? t('segments.exclude') : t('segments.include')}
            </button>
            <span className="spring" />
            <Button
              size="small"
              type="text"
              icon={<Icon name="close" size={14} label={t('segments.removeGroup')} />}
              onClick={() => change(path, undefined)}
            />
          </>
        )}
        {path.length === 0 && props.alone && <span className={styles.aloneHead}>{t('segments.alone')}</span>}
      </div>
      {group.of.map((part, i) => {
        const at = [...path, i]
        // biome-ignore-start lint/suspicious/noArrayIndexKey: a part is where it stands
        return isGroup(part) ? (
          <GroupBox key={i} {...props} group={part} path={at} />
        ) : (
          <ConditionLine
            key={i}
            condition={part}
            words={props.words}
            alone={path.length === 0 ? props.alone?.[i] : undefined}
            onChange={(next) => change(at, next)}
            onRemove={() => change(at, undefined)}
          />
        )
        // biome-ignore-end lint/suspicious/noArrayIndexKey: a part is where it stands
      })}
      {room && (
        <div className={styles.adds}>
          <Button
            size="small"
            type="text"
            icon={<Icon name="plus" size={13} />}
            onClick={() => onChange(add(rule, path, blank('did')))}
          >
            {t('segments.addCondition')}
          </Button>
          {path.length + 1 < DEPTH_MAX && (
            <Button
              size="small"
              type="text"
              icon={<Icon name="plus" size={13} />}
              onClick={() => onChange(add(rule, path, { is: group.is === 'all' ? 'any' : 'all', of: [blank('tags')] }))}
            >
              {t('segments.addGroup')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
