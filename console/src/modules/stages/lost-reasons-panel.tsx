import { App, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Panel } from '../../ui/panel.tsx'
import { RulesForm } from '../../ui/rules-form.tsx'
import { refreshBook, type StageBook } from './use-stages.ts'

/** A line a reason: what is kept keeps its history, what is new begins one. */
export function LostReasonsPanel({ reasons, mayWrite }: { reasons: StageBook['lostReasons']; mayWrite: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const saved = reasons.map((one) => one.name).join('\n')
  const [typed, setTyped] = useState<string>()
  const save = api.useMutation('put', '/api/lost-reasons', {
    onSuccess() {
      void refreshBook().then(() => setTyped(undefined))
      void message.success(t('stages.saved'))
    },
  })
  const names = (typed ?? saved)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const known = new Map(reasons.map((one) => [one.name, one.lostReasonId]))
  const body = {
    reasons: names.map((name) => {
      const lostReasonId = known.get(name)
      return { name, ...(lostReasonId ? { lostReasonId } : {}) }
    }),
  }
  return (
    <Panel title={t('stages.lostReasons')}>
      <RulesForm
        mayWrite={mayWrite}
        isChanged={typed !== undefined && typed !== saved}
        isSaving={save.isPending}
        error={save.error}
        onSave={() => save.mutate({ body })}
      >
        <Input.TextArea
          aria-label={t('stages.lostReasons')}
          autoSize={{ minRows: 4, maxRows: 12 }}
          disabled={!mayWrite}
          value={typed ?? saved}
          onChange={(event) => setTyped(event.target.value)}
        />
        <small className="quiet">{t('stages.lostReasonsWhy')}</small>
      </RulesForm>
    </Panel>
  )
}
