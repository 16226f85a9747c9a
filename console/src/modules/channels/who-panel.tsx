import { Segmented, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { Panel } from '../../ui/panel.tsx'
import { type CodeDraft, type Faults, STAFF_MAX } from './draft.ts'
import { Field } from './field.tsx'
import styles from './form.module.css'
import { RosterFields } from './roster-fields.tsx'

type StaffChoice = { value: string; label: string; quiet: string | undefined }

/** Who receives: the same people always, or a roster. */
export function WhoPanel({
  draft,
  choices,
  faults,
  editing,
  loading,
  put,
}: {
  draft: CodeDraft
  choices: StaffChoice[]
  faults: Faults
  editing: boolean
  loading: boolean
  put: (change: Partial<CodeDraft>) => void
}) {
  const { t } = useTranslation()
  return (
    <Panel
      title={t('channels.form.staff')}
      extra={
        <Segmented
          size="small"
          value={draft.byRoster ? 'roster' : 'fixed'}
          options={(['fixed', 'roster'] as const).map((value) => ({
            value,
            label: t(`channels.roster.mode.${value}`),
          }))}
          onChange={(value) => put({ byRoster: value === 'roster' })}
        />
      }
    >
      {draft.byRoster ? (
        <RosterFields roster={draft.roster} choices={choices} faults={faults} onChange={(roster) => put({ roster })} />
      ) : (
        <div className={styles.fields}>
          <Field
            label={t('channels.form.staff')}
            htmlFor="code-staff"
            hint={!loading && choices.length === 0 ? t('channels.form.noStaff') : t('channels.form.staffHint')}
            fault={faults.staffIds}
          >
            <Select
              id="code-staff"
              mode="multiple"
              maxCount={STAFF_MAX}
              optionFilterProp="label"
              loading={loading}
              placeholder={t('channels.form.staffPlaceholder')}
              value={draft.staffIds}
              status={faults.staffIds ? 'error' : undefined}
              onChange={(staffIds) => put({ staffIds })}
              options={choices}
              optionRender={({ data }) => (
                <span>
                  {data.label} <span className="quiet small">{data.quiet}</span>
                </span>
              )}
            />
          </Field>
        </div>
      )}
      {!editing && (
        <div className={styles.fields} style={{ paddingTop: 16 }}>
          <Field
            label={t('channels.roster.exclusive')}
            htmlFor="code-exclusive"
            hint={t('channels.roster.exclusiveHint')}
          >
            <div>
              <Switch
                id="code-exclusive"
                size="small"
                checked={draft.exclusive}
                onChange={(exclusive) => put({ exclusive })}
              />
            </div>
          </Field>
        </div>
      )}
    </Panel>
  )
}
