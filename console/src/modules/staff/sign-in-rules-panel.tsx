import { App, Button, Checkbox, InputNumber } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/panel.tsx'
import { NotSaved, SkeletonRows } from '../../ui/states.tsx'
import styles from './staff.module.css'

type Rules = Answer<'/api/sign-in-rules'>
/** As the server has them. */
const LIMITS = { idleMinutes: [5, 480], absoluteHours: [1, 72] } as const

/** How long sign-ins of this corp live, and who needs a second factor. */
export function SignInRulesPanel({ mayWrite }: { mayWrite: boolean }) {
  const { t } = useTranslation()
  const rules = api.useQuery('get', '/api/sign-in-rules', {})
  return (
    <Panel title={t('signInRules.title')} sub={t('signInRules.why')}>
      <Loaded query={rules} what={t('signInRules.title')} skeleton={<SkeletonRows rows={3} avatar={false} />}>
        {(data) => <RulesForm key={JSON.stringify(data)} rules={data} mayWrite={mayWrite} />}
      </Loaded>
    </Panel>
  )
}

function RulesForm({ rules, mayWrite }: { rules: Rules; mayWrite: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [draft, setDraft] = useState(rules)
  const save = api.useMutation('put', '/api/sign-in-rules', {
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/sign-in-rules'] })
      void message.success(t('signInRules.saved'))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ body: draft })
  }
  const number = (key: keyof typeof LIMITS) => (
    <label key={key} htmlFor={key}>
      <span>{t(`signInRules.${key}`)}</span>
      <InputNumber
        id={key}
        style={{ width: 160 }}
        min={LIMITS[key][0]}
        max={LIMITS[key][1]}
        precision={0}
        value={draft[key]}
        disabled={!mayWrite}
        suffix={t(`signInRules.${key}Unit`)}
        onChange={(value) => setDraft({ ...draft, [key]: value ?? rules[key] })}
      />
    </label>
  )
  return (
    <form className={styles.rules} onSubmit={submit}>
      {number('idleMinutes')}
      {number('absoluteHours')}
      <Checkbox
        checked={draft.secondFactor}
        disabled={!mayWrite}
        onChange={({ target }) => setDraft({ ...draft, secondFactor: target.checked })}
      >
        {t('signInRules.secondFactor')}
        <small className="quiet">{t('signInRules.secondFactorWhy')}</small>
      </Checkbox>
      {save.error ? <NotSaved error={save.error} /> : null}
      {mayWrite && (
        <Button htmlType="submit" type="primary" loading={save.isPending} disabled={draft === rules}>
          {t('signInRules.save')}
        </Button>
      )}
    </form>
  )
}
