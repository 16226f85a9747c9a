import { Input, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Panel } from '../../ui/panel.tsx'
import styles from './content.module.css'
import { Line } from './said-fields.tsx'
import { type Scope, useFolders } from './use-content.ts'

export interface Settings {
  folderId: string | null
  labels: string[]
  validFrom: string | null
  validUntil: string | null
  scope: Scope
}

const STAFF_SHOWN = 200

/** Where it lies, what it is found by, from when until when, and who may send it. */
export function SettingsPanel({ settings, onChange }: { settings: Settings; onChange: (settings: Settings) => void }) {
  const { t } = useTranslation()
  const folders = useFolders()
  const put = (change: Partial<Settings>) => onChange({ ...settings, ...change })
  return (
    <Panel title={t('content.settings.title')}>
      <div className={styles.fields}>
        <Line label={t('content.settings.folder')}>
          <Select
            aria-label={t('content.settings.folder')}
            value={settings.folderId ?? ''}
            options={[
              { value: '', label: t('content.folder.none') },
              ...(folders.data?.folders ?? []).map(({ folderId, name }) => ({ value: folderId, label: name })),
            ]}
            onChange={(folderId) => put({ folderId: folderId || null })}
          />
        </Line>
        <Line label={t('content.settings.labels')}>
          <Select
            mode="tags"
            aria-label={t('content.settings.labels')}
            maxCount={10}
            tokenSeparators={[',', '，', ' ']}
            value={settings.labels}
            options={(folders.data?.labels ?? []).map((value) => ({ value }))}
            onChange={(labels: string[]) => put({ labels: labels.map((label) => label.slice(0, 20)) })}
          />
        </Line>
        <Line label={t('content.settings.valid')}>
          <div className={styles.row}>
            <Input
              type="date"
              aria-label={t('content.settings.from')}
              value={settings.validFrom ? dayOf(settings.validFrom, 0) : ''}
              onChange={({ target }) => put({ validFrom: target.value ? startOf(target.value, 0) : null })}
            />
            <span className="quiet">{t('content.settings.to')}</span>
            <Input
              type="date"
              aria-label={t('content.settings.until')}
              value={settings.validUntil ? dayOf(settings.validUntil, -1) : ''}
              onChange={({ target }) => put({ validUntil: target.value ? startOf(target.value, 1) : null })}
            />
          </div>
        </Line>
        <Line label={t('content.settings.scope')}>
          <ScopeFields scope={settings.scope} onChange={(scope) => put({ scope })} />
        </Line>
      </div>
    </Panel>
  )
}

const DAY_MS = 86_400_000
const OFFSET_MS = 8 * 3_600_000
/** Days of Shanghai; the last one counts in full, so it ends with the next one’s beginning. */
const startOf = (day: string, plus: number) =>
  new Date(Date.parse(`${day}T00:00:00+08:00`) + plus * DAY_MS).toISOString()
const dayOf = (at: string, plus: number) =>
  new Date(Date.parse(at) + OFFSET_MS + plus * DAY_MS).toISOString().slice(0, 10)

function ScopeFields({ scope, onChange }: { scope: Scope; onChange: (scope: Scope) => void }) {
  const { t } = useTranslation()
  const staff = api.useQuery('get', '/api/staff', { params: { query: { limit: STAFF_SHOWN } } })
  const first = staff.data?.items.find(({ leftAt }) => leftAt === null)?.staffId
  const turn = (kind: Scope['kind']) => {
    if (kind === 'corp') onChange({ kind })
    else if (kind === 'departments') onChange({ kind, departmentIds: [] })
    else if (first) onChange({ kind, staffId: first })
  }
  return (
    <div className={styles.scope}>
      <Segmented
        value={scope.kind}
        options={(['corp', 'departments', 'person'] as const).map((value) => ({
          value,
          label: t(`content.scope.${value}`),
        }))}
        onChange={turn}
      />
      {scope.kind === 'departments' && (
        <DepartmentPick
          value={scope.departmentIds}
          onChange={(departmentIds) => onChange({ kind: 'departments', departmentIds })}
        />
      )}
      {scope.kind === 'person' && (
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('content.scope.person')}
          value={scope.staffId}
          options={(staff.data?.items ?? []).map(({ staffId, name }) => ({ value: staffId, label: name }))}
          onChange={(staffId) => onChange({ kind: 'person', staffId })}
        />
      )}
    </div>
  )
}

export function DepartmentPick({ value, onChange }: { value: string[]; onChange: (ids: string[]) => void }) {
  const { t } = useTranslation()
  const departments = api.useQuery('get', '/api/departments', {})
  return (
    <Select
      mode="multiple"
      aria-label={t('content.scope.departments')}
      placeholder={t('content.scope.pick')}
      showSearch={{ optionFilterProp: 'label' }}
      value={value}
      options={(departments.data ?? []).map(({ departmentId, name }) => ({ value: departmentId, label: name }))}
      onChange={onChange}
    />
  )
}
