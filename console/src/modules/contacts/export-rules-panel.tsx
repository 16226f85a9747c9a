import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/panel.tsx'
import { RuleNumber, RulesForm } from '../../ui/rules-form.tsx'
import { SkeletonRows } from '../../ui/states.tsx'

type Rules = Answer<'/api/export-rules'>
/** As the server has them. */
const LIMITS = { approvalAbove: [0, 50_000], dailyMax: [100, 500_000] } as const

/** From how many customers on somebody else has to agree, and what one person takes in a day. */
export function ExportRulesPanel({ mayWrite }: { mayWrite: boolean }) {
  const { t } = useTranslation()
  const rules = api.useQuery('get', '/api/export-rules', {})
  return (
    <Panel title={t('exports.rules')} sub={t('exports.rulesWhy')}>
      <Loaded query={rules} what={t('exports.rules')} skeleton={<SkeletonRows rows={2} avatar={false} />}>
        {(data) => <ExportRules key={JSON.stringify(data)} rules={data} mayWrite={mayWrite} />}
      </Loaded>
    </Panel>
  )
}

function ExportRules({ rules, mayWrite }: { rules: Rules; mayWrite: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [draft, setDraft] = useState(rules)
  const save = api.useMutation('put', '/api/export-rules', {
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/export-rules'] })
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
      {(['approvalAbove', 'dailyMax'] as const).map((key) => (
        <RuleNumber
          key={key}
          id={key}
          label={t(`exports.${key}`)}
          unit={t('exports.customers')}
          range={LIMITS[key]}
          step={1_000}
          value={draft[key]}
          disabled={!mayWrite}
          onChange={(value) => setDraft({ ...draft, [key]: value ?? rules[key] })}
        />
      ))}
    </RulesForm>
  )
}
