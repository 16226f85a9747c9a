import { Input, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { CodeDraft, Faults } from './draft.ts'
import { Field } from './field.tsx'

interface Props {
  draft: CodeDraft
  faults: Faults
  put: (change: Partial<CodeDraft>) => void
}

/** How whoever comes is accepted, filed, tagged and named. */
export function AfterFields({ draft, faults, put }: Props) {
  const { t } = useTranslation()
  const library = api.useQuery('get', '/api/tag-groups', {})
  return (
    <>
      <Field label={t('channels.form.verify')} hint={t('channels.form.verifyHint')}>
        <div>
          <Segmented
            value={draft.skipVerify ? 'auto' : 'hand'}
            options={[
              { value: 'auto', label: t('channels.form.verifyAuto') },
              { value: 'hand', label: t('channels.form.verifyHand') },
            ]}
            onChange={(value) => put({ skipVerify: value === 'auto' })}
          />
        </div>
      </Field>
      <Field label={t('channels.group')} htmlFor="code-group" hint={t('channels.groupHint')}>
        <Input
          id="code-group"
          maxLength={30}
          value={draft.groupName}
          onChange={(event) => put({ groupName: event.target.value })}
        />
      </Field>
      <Field label={t('channels.form.tags')} htmlFor="code-tags">
        <Select
          id="code-tags"
          mode="multiple"
          optionFilterProp="label"
          placeholder={t('channels.form.tagsPlaceholder')}
          value={draft.tagIds}
          onChange={(tagIds) => put({ tagIds })}
          options={
            library.data?.groups.map((group) => ({
              label: group.name,
              options: group.tags.map(({ tagId, name }) => ({ value: tagId, label: name })),
            })) ?? []
          }
        />
      </Field>
      <Field
        label={t('channels.form.remark')}
        htmlFor="code-remark"
        hint={t('channels.form.remarkHint')}
        fault={faults.remark}
      >
        <Input
          id="code-remark"
          maxLength={60}
          placeholder={t('channels.form.remarkPlaceholder')}
          value={draft.remark}
          status={faults.remark ? 'error' : undefined}
          onChange={(event) => put({ remark: event.target.value })}
        />
      </Field>
    </>
  )
}
