import { Button, InputNumber, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { type CodeDraft, checkWelcome, type Faults, newVariant, VARIANTS_MAX, type VariantDraft } from './draft.ts'
import styles from './form.module.css'
import { WelcomeFields } from './welcome-fields.tsx'
import { WelcomeRules } from './welcome-rules.tsx'

interface Props {
  draft: CodeDraft
  faults: Faults
  tried: boolean
  put: (change: Partial<CodeDraft>) => void
}
const MODES = ['own', 'trial', 'default'] as const
type Mode = (typeof MODES)[number]

const modeOf = ({ variants, ownWelcome }: CodeDraft): Mode =>
  variants.length > 0 ? 'trial' : ownWelcome ? 'own' : 'default'

/** What new friends are told: one welcome, several tried against each other, or the company's; and at other hours. */
export function WelcomePanel({ draft, faults, tried, put }: Props) {
  const { t } = useTranslation()
  const settings = api.useQuery('get', '/api/welcome', {})
  const mode = modeOf(draft)
  const choose = (next: Mode) => {
    const first = draft.variants[0]?.welcome ?? draft.welcome
    if (next === 'trial') put({ variants: [newVariant(draft.welcome), newVariant()] })
    else put({ variants: [], welcome: first, ownWelcome: next === 'own' })
  }
  return (
    <Panel
      title={t('channels.form.welcome')}
      extra={
        <Segmented
          size="small"
          value={mode}
          options={MODES.map((value) => ({ value, label: t(`channels.form.welcomeMode.${value}`) }))}
          onChange={choose}
        />
      }
    >
      <div className={styles.fields}>
        {mode === 'own' && (
          <WelcomeFields welcome={draft.welcome} onChange={(welcome) => put({ welcome })} faults={faults} />
        )}
        {mode === 'trial' && <Variants variants={draft.variants} tried={tried} put={put} />}
        {mode === 'default' && (
          <p className="soft">
            {settings.data?.welcome ? t('channels.welcomeDefault') : t('channels.welcomeDefaultNone')}
          </p>
        )}
      </div>
      <WelcomeRules draft={draft} faults={faults} put={put} />
    </Panel>
  )
}

function Variants({
  variants,
  tried,
  put,
}: {
  variants: VariantDraft[]
  tried: boolean
  put: (change: Partial<CodeDraft>) => void
}) {
  const { t } = useTranslation()
  const sum = variants.reduce((all, { weight }) => all + weight, 0)
  const change = (key: string, to: Partial<VariantDraft>) =>
    put({ variants: variants.map((one) => (one.key === key ? { ...one, ...to } : one)) })
  return (
    <>
      <p className="small soft">{t('channels.trial.formWhy')}</p>
      {variants.map(({ key, weight, welcome }, nr) => (
        <fieldset key={key} className={styles.variant}>
          <div className={styles.variantTop}>
            <b>{t('channels.trial.variant', { letter: 'ABCD'[nr] ?? '' })}</b>
            <InputNumber
              size="small"
              min={1}
              max={100}
              precision={0}
              value={weight}
              aria-label={t('channels.trial.weight')}
              onChange={(next) => change(key, { weight: next ?? 1 })}
            />
            <span className="small quiet">
              {t('channels.trial.share', { percent: Math.round((weight / sum) * 100) })}
            </span>
            {variants.length > 2 && (
              <Button
                type="text"
                size="small"
                style={{ marginLeft: 'auto' }}
                icon={<Icon name="trash" size={14} label={t('channels.trial.remove')} />}
                onClick={() => put({ variants: variants.filter((one) => one.key !== key) })}
              />
            )}
          </div>
          <WelcomeFields
            id={`welcome-text-${nr}`}
            welcome={welcome}
            onChange={(next) => change(key, { welcome: next })}
            faults={tried ? checkWelcome(welcome) : {}}
          />
        </fieldset>
      ))}
      {variants.length < VARIANTS_MAX && (
        <div>
          <Button
            size="small"
            type="dashed"
            icon={<Icon name="plus" size={14} />}
            onClick={() => put({ variants: [...variants, newVariant()] })}
          >
            {t('channels.trial.add')}
          </Button>
        </div>
      )}
    </>
  )
}
