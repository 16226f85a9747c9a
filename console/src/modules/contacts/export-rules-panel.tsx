import { App, Button, InputNumber } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/panel.tsx'
import { NotSaved, SkeletonRows } from '../../ui/states.tsx'
import styles from './exports.module.css'

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
        {(data) => <RulesForm key={JSON.stringify(data)} rules={data} mayWrite={mayWrite} />}
      </Loaded>
    </Panel>
  )
}

function RulesForm({ rules, mayWrite }: { rules: Rules; mayWrite: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [draft, setDraft] = useState(rules)
  const save = api.useMutation('put', '/api/export-rules', {
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/export-rules'] })
      void message.success(t('signInRules.saved'))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ body: draft })
  }
  return (
    <form className={styles.rules} onSubmit={submit}>
      {(['approvalAbove', 'dailyMax'] as const).map((key) => (
        <label key={key} htmlFor={key}>
          <span>{t(`exports.${key}`)}</span>
          <InputNumber
            id={key}
            style={{ width: 160 }}
            min={LIMITS[key][0]}
            max={LIMITS[key][1]}
            precision={0}
            step={1_000}
            value={draft[key]}
            disabled={!mayWrite}
            suffix={t('exports.customers')}
            onChange={(value) => setDraft({ ...draft, [key]: value ?? rules[key] })}
          />
        </label>
      ))}
      {save.error ? <NotSaved error={save.error} /> : null}
      {mayWrite && (
        <Button htmlType="submit" loading={save.isPending} disabled={draft === rules}>
          {t('signInRules.save')}
        </Button>
      )}
    </form>
  )
}
