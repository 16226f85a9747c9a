import { Checkbox, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Panel } from '../../ui/panel.tsx'
import { useLibrary } from '../tags/use-tags.ts'
import styles from './touches.module.css'
import type { Policy } from './use-touches.ts'

const PLATFORMS = ['month_days', 'week_7', 'day_1', 'month_4'] as const
const MEMBER_USUAL = 200

/** WeCom's own limit, who is held out for comparing, whom a tag keeps out, how much a member is asked. */
export function LimitsPanel({
  policy,
  mayWrite,
  onChange,
}: {
  policy: Policy
  mayWrite: boolean
  onChange: (to: Partial<Policy>) => void
}) {
  const { t } = useTranslation()
  const library = useLibrary()
  const tags = (library.data?.groups ?? []).map((group) => ({
    label: group.name,
    options: group.tags.map(({ tagId, name }) => ({ value: tagId, label: name })),
  }))
  return (
    <Panel title={t('touches.limits')}>
      <div className={styles.limits}>
        <label htmlFor="touch-platform">{t('touches.platform')}</label>
        <Select
          id="touch-platform"
          disabled={!mayWrite}
          value={policy.platform}
          options={PLATFORMS.map((one) => ({ value: one, label: t(`touches.platforms.${one}`) }))}
          onChange={(platform) => onChange({ platform })}
        />
        <small className="quiet">{t('touches.platformWhy')}</small>
        <label htmlFor="touch-holdout">{t('touches.holdout')}</label>
        <InputNumber
          id="touch-holdout"
          disabled={!mayWrite}
          min={0}
          max={50}
          step={0.5}
          precision={1}
          suffix="%"
          value={policy.holdout / 10}
          onChange={(percent) => onChange({ holdout: Math.round((percent ?? 0) * 10) })}
        />
        <small className="quiet">{t('touches.holdoutWhy')}</small>
        <label htmlFor="touch-tags">{t('touches.forbidden')}</label>
        <Select
          id="touch-tags"
          mode="multiple"
          disabled={!mayWrite}
          placeholder={t('touches.noTags')}
          showSearch={{ optionFilterProp: 'label' }}
          loading={library.isLoading}
          value={library.data ? policy.forbiddenTagIds : []}
          options={tags}
          onChange={(forbiddenTagIds) => onChange({ forbiddenTagIds })}
        />
        <small className="quiet">{t('touches.forbiddenWhy')}</small>
        <Checkbox
          disabled={!mayWrite}
          checked={policy.memberDaily !== null}
          onChange={({ target }) => onChange({ memberDaily: target.checked ? MEMBER_USUAL : null })}
        >
          {t('touches.memberDaily')}
        </Checkbox>
        <InputNumber
          aria-label={t('touches.memberDaily')}
          disabled={!mayWrite || policy.memberDaily === null}
          min={1}
          max={100_000}
          precision={0}
          suffix={t('touches.peopleUnit')}
          value={policy.memberDaily}
          onChange={(most) => most && onChange({ memberDaily: most })}
        />
        <small className="quiet">{t('touches.memberDailyWhy')}</small>
      </div>
    </Panel>
  )
}
