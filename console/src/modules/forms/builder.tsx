import { App, Button, Checkbox, Input, InputNumber, Select, Switch } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { toProblem } from '../../api/problem.ts'
import { Panel } from '../../ui/panel.tsx'
import { NotSaved } from '../../ui/states.tsx'
import { useKept } from '../segments/use-kept.ts'
import { useCan } from '../staff/session.ts'
import { fromLocal, toLocal } from '../tasks/due.ts'
import { FieldList } from './field-list.tsx'
import styles from './forms.module.css'
import { PhonePreview } from './phone-preview.tsx'
import { type Content, type Form, type Purpose, refreshForms } from './use-forms.ts'

const PURPOSES: Purpose[] = ['profile', 'phone', 'news']

/** A form as it is made: the questions at the left, the phone at the right. */
export function Builder({ form, head }: { form: Form; head: (buttons: ReactNode) => ReactNode }) {
  const { t } = useTranslation()
  const mayWrite = useCan('content.write')
  const { message } = App.useApp()
  const [content, setContent] = useState(form.draft)
  const [saved, setSaved] = useState({ revision: form.revision, text: JSON.stringify(form.draft) })
  const isChanged = JSON.stringify(content) !== saved.text
  useKept(isChanged)
  const path = { formId: form.formId }
  const save = api.useMutation('put', '/api/forms/{formId}')
  const publish = api.useMutation('post', '/api/forms/{formId}/publish')
  const store = async () => {
    const { revision } = await save.mutateAsync({ params: { path }, body: { revision: saved.revision, content } })
    setSaved({ revision, text: JSON.stringify(content) })
    refreshForms()
  }
  const onSave = () =>
    void store().then(
      () => message.success(t('forms.saved')),
      () => {}, // said below
    )
  const onPublish = async () => {
    try {
      if (isChanged) await store()
      await publish.mutateAsync({ params: { path } })
      refreshForms()
      void message.success(t('forms.published'))
    } catch (error) {
      toProblem(error) // said below
    }
  }
  const error = save.error ?? publish.error
  const put = (part: Partial<Content>) => {
    save.reset()
    publish.reset()
    setContent({ ...content, ...part })
  }
  return (
    <>
      {head(
        mayWrite && (
          <>
            <Button disabled={!isChanged} loading={save.isPending} onClick={onSave}>
              {t('forms.save')}
            </Button>
            <Button
              type="primary"
              disabled={!isChanged && !form.changed}
              loading={publish.isPending}
              onClick={() => void onPublish()}
            >
              {t('forms.publish')}
            </Button>
          </>
        ),
      )}
      <div className={styles.editor}>
        <fieldset className={styles.column} disabled={!mayWrite}>
          {error && <NotSaved error={error} />}
          <Panel title={t('forms.part.head')}>
            <div className={styles.grid}>
              <Row label={t('forms.name')}>
                <Input
                  maxLength={30}
                  aria-label={t('forms.name')}
                  value={content.title}
                  onChange={(e) => put({ title: e.target.value })}
                />
              </Row>
              <Row label={t('forms.intro')}>
                <Input.TextArea
                  maxLength={200}
                  autoSize
                  aria-label={t('forms.intro')}
                  value={content.intro}
                  onChange={(e) => put({ intro: e.target.value })}
                />
              </Row>
              <Row label={t('forms.action')}>
                <Input
                  maxLength={8}
                  aria-label={t('forms.action')}
                  value={content.action}
                  onChange={(e) => put({ action: e.target.value })}
                />
              </Row>
            </div>
          </Panel>
          <FieldList fields={content.fields} onChange={(fields) => put({ fields })} />
          <Consents content={content} put={put} />
          <Limits content={content} put={put} />
          <After content={content} put={put} />
        </fieldset>
        <aside className={styles.side} aria-label={t('forms.preview')}>
          <PhonePreview content={content} />
          <p className="quiet small">{t('forms.previewWhy')}</p>
        </aside>
      </div>
    </>
  )
}

interface Part {
  content: Content
  put: (part: Partial<Content>) => void
}

export const Row = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className={styles.line}>
    <span className="soft small">{label}</span>
    {children}
  </div>
)

/** Each purpose asked for by itself; none is needed to hand the form in. */
function Consents({ content, put }: Part) {
  const { t } = useTranslation()
  const { consents } = content
  const turn = (purpose: Purpose, on: boolean) =>
    put({
      consents: on
        ? PURPOSES.flatMap((one) => {
            if (one === purpose) return [{ purpose, text: t(`forms.consentText.${purpose}`), version: 0 }]
            return consents.filter((known) => known.purpose === one)
          })
        : consents.filter((one) => one.purpose !== purpose),
    })
  return (
    <Panel title={t('forms.part.consents')} sub={t('forms.consentsWhy')}>
      {PURPOSES.map((purpose) => {
        const known = consents.find((one) => one.purpose === purpose)
        return (
          <div key={purpose} className={styles.consent}>
            <Checkbox checked={known !== undefined} onChange={(e) => turn(purpose, e.target.checked)}>
              {t(`forms.purpose.${purpose}`)}
            </Checkbox>
            <p className="quiet small">{t(`forms.purposeWhy.${purpose}`)}</p>
            {known && (
              <Input
                maxLength={200}
                aria-label={t('forms.consentWords', { purpose: t(`forms.purpose.${purpose}`) })}
                value={known.text}
                suffix={
                  known.version > 0 ? (
                    <span className="quiet small">{t('forms.wording', { n: known.version })}</span>
                  ) : undefined
                }
                onChange={(e) =>
                  put({ consents: consents.map((one) => (one === known ? { ...one, text: e.target.value } : one)) })
                }
              />
            )}
          </div>
        )
      })}
      <Row label={t('forms.privacy')}>
        <Input.TextArea
          maxLength={200}
          autoSize
          aria-label={t('forms.privacy')}
          value={content.privacy}
          onChange={(e) => put({ privacy: e.target.value })}
        />
      </Row>
    </Panel>
  )
}

function Limits({ content, put }: Part) {
  const { t } = useTranslation()
  const { limits } = content
  const change = (part: Partial<Content['limits']>) => put({ limits: { ...limits, ...part } })
  const number = (name: 'total' | 'perPerson') => (
    <Row label={t(`forms.limit.${name}`)}>
      <InputNumber
        min={1}
        max={1_000_000}
        precision={0}
        aria-label={t(`forms.limit.${name}`)}
        placeholder={t('forms.unlimited')}
        value={limits[name]}
        onChange={(value) => change({ [name]: value })}
      />
    </Row>
  )
  const time = (name: 'opensAt' | 'closesAt') => {
    const at = limits[name]
    return (
      <Row label={t(`forms.limit.${name}`)}>
        <Input
          type="datetime-local"
          aria-label={t(`forms.limit.${name}`)}
          value={at ? toLocal(new Date(at)) : ''}
          onChange={(e) => change({ [name]: fromLocal(e.target.value)?.toISOString() ?? null })}
        />
      </Row>
    )
  }
  return (
    <Panel title={t('forms.part.limits')}>
      <div className={styles.grid}>
        {number('total')}
        {number('perPerson')}
        {time('opensAt')}
        {time('closesAt')}
      </div>
    </Panel>
  )
}

function After({ content, put }: Part) {
  const { t } = useTranslation()
  const { thanks, tell } = content
  const codes = api.useQuery('get', '/api/channel-codes', { params: { query: {} } }, { staleTime: 60_000 })
  const materials = api.useQuery(
    'get',
    '/api/materials',
    { params: { query: { state: 'live', limit: 100 } } },
    { staleTime: 60_000 },
  )
  const pieces = (materials.data?.items ?? []).map(({ materialId, title }) => ({ value: materialId, label: title }))
  const options = (codes.data?.items ?? []).map(({ channelCodeId, name }) => ({ value: channelCodeId, label: name }))
  return (
    <Panel title={t('forms.part.after')}>
      <div className={styles.grid}>
        <Row label={t('forms.thanks')}>
          <Input.TextArea
            maxLength={200}
            autoSize
            aria-label={t('forms.thanks')}
            value={thanks.words}
            onChange={(e) => put({ thanks: { ...thanks, words: e.target.value } })}
          />
        </Row>
        <Row label={t('forms.code')}>
          <Select
            allowClear
            aria-label={t('forms.code')}
            placeholder={t('forms.noCode')}
            value={thanks.channelCodeId}
            options={options}
            onChange={(channelCodeId: string | undefined) =>
              put({ thanks: { ...thanks, channelCodeId: channelCodeId ?? null } })
            }
          />
        </Row>
        <Row label={t('forms.material')}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={t('forms.material')}
            placeholder={t('forms.noMaterial')}
            value={thanks.materialId}
            options={pieces}
            onChange={(materialId: string | undefined) =>
              put({ thanks: { ...thanks, materialId: materialId ?? null } })
            }
          />
        </Row>
        <Checkbox
          checked={thanks.addStaff}
          onChange={(e) => put({ thanks: { ...thanks, addStaff: e.target.checked } })}
        >
          {t('forms.addStaff')}
        </Checkbox>
        {(['submitted', 'opened'] as const).map((what) => (
          <div key={what} className={styles.switch}>
            <Switch
              size="small"
              aria-label={t(`forms.tell.${what}`)}
              checked={tell[what]}
              onChange={(on) => put({ tell: { ...tell, [what]: on } })}
            />
            {t(`forms.tell.${what}`)}
          </div>
        ))}
      </div>
    </Panel>
  )
}
