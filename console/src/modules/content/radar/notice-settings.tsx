import { App, Checkbox, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client.ts'
import { queryClient } from '../../../api/query-client.ts'
import type { Answer } from '../../../api/types.ts'
import { Loaded } from '../../../ui/loaded.tsx'
import { RuleNumber, RulesForm } from '../../../ui/rules-form.tsx'
import { SkeletonRows } from '../../../ui/states.tsx'
import { useCan } from '../../staff/session.ts'
import styles from './radar.module.css'

type Setting = Answer<'/api/radar/settings'>
/** As the server has them. */
const LIMITS = { digestMinutes: [5, 1_440], hourlyMax: [1, 20] } as const

/** When members are told, and where links may lead without asking the reader. */
export function NoticeSettings() {
  const { t } = useTranslation()
  const setting = api.useQuery('get', '/api/radar/settings', {})
  return (
    <Loaded query={setting} what={t('radar.notice.title')} skeleton={<SkeletonRows rows={4} avatar={false} />}>
      {(data) => <Fields key={JSON.stringify(data)} saved={data} />}
    </Loaded>
  )
}

function Fields({ saved }: { saved: Setting }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const mayWrite = useCan('content.write')
  const [draft, setDraft] = useState(saved)
  const save = api.useMutation('put', '/api/radar/settings', {
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/radar/settings'] })
      void message.success(t('radar.notice.saved'))
    },
  })
  const set = (change: Partial<Setting>) => setDraft({ ...draft, ...change })
  return (
    <RulesForm
      mayWrite={mayWrite}
      isChanged={JSON.stringify(draft) !== JSON.stringify(saved)}
      isSaving={save.isPending}
      error={save.error}
      onSave={() => save.mutate({ body: draft })}
    >
      <Checkbox checked={draft.notify} disabled={!mayWrite} onChange={({ target }) => set({ notify: target.checked })}>
        {t('radar.notice.notify')}
        <small className="quiet">{t('radar.notice.notifyWhy')}</small>
      </Checkbox>
      {(['digestMinutes', 'hourlyMax'] as const).map((key) => (
        <RuleNumber
          key={key}
          id={key}
          label={t(`radar.notice.${key}`)}
          unit={t(`radar.notice.${key}Unit`)}
          range={LIMITS[key]}
          value={draft[key]}
          disabled={!mayWrite || !draft.notify}
          onChange={(value) => set({ [key]: value ?? saved[key] })}
        />
      ))}
      <fieldset className={styles.quiet} disabled={!mayWrite || !draft.notify}>
        <legend>{t('radar.notice.quiet')}</legend>
        {(['quietFrom', 'quietUntil'] as const).map((key) => (
          <label key={key}>
            {t(`radar.notice.${key}`)}
            <input
              type="time"
              required
              value={draft[key]}
              onChange={({ target }) => target.value && set({ [key]: target.value.slice(0, 5) })}
            />
          </label>
        ))}
      </fieldset>
      <label htmlFor="radar-hosts" className={styles.hosts}>
        <span>{t('radar.notice.hosts')}</span>
        <Select
          id="radar-hosts"
          mode="tags"
          open={false}
          suffixIcon={null}
          disabled={!mayWrite}
          value={draft.hosts}
          placeholder="shop.example.com"
          tokenSeparators={[',', '，', ' ', '\n']}
          onChange={(hosts: string[]) => set({ hosts: hosts.map((host) => host.trim().toLowerCase()) })}
        />
        <small className="quiet">{t('radar.notice.hostsWhy')}</small>
      </label>
    </RulesForm>
  )
}
