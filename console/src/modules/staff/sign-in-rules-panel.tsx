import { App, Checkbox } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/panel.tsx'
import { RuleNumber, RulesForm } from '../../ui/rules-form.tsx'
import { SkeletonRows } from '../../ui/states.tsx'

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
        {(data) => <SignInRules key={JSON.stringify(data)} rules={data} mayWrite={mayWrite} />}
      </Loaded>
    </Panel>
  )
}

function SignInRules({ rules, mayWrite }: { rules: Rules; mayWrite: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [draft, setDraft] = useState(rules)
  const save = api.useMutation('put', '/api/sign-in-rules', {
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/sign-in-rules'] })
      void message.success(t('signInRules.saved'))
    },
  })
  return (
    <RulesForm
      mayWrite={mayWrite}
      isChanged={draft !== rules}
      isSaving={save.isPending}
      error={save.error}
      onSave={() => save.mutate({ body: draft })}
    >
      {(['idleMinutes', 'absoluteHours'] as const).map((key) => (
        <RuleNumber
          key={key}
          id={key}
          label={t(`signInRules.${key}`)}
          unit={t(`signInRules.${key}Unit`)}
          range={LIMITS[key]}
          value={draft[key]}
          disabled={!mayWrite}
          onChange={(value) => setDraft({ ...draft, [key]: value ?? rules[key] })}
        />
      ))}
      <Checkbox
        checked={draft.secondFactor}
        disabled={!mayWrite}
        onChange={({ target }) => setDraft({ ...draft, secondFactor: target.checked })}
      >
        {t('signInRules.secondFactor')}
        <small className="quiet">{t('signInRules.secondFactorWhy')}</small>
      </Checkbox>
    </RulesForm>
  )
}
