import { Button, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SlotText } from '../content/slot-text.tsx'
import styles from './broadcasts.module.css'
import { type Draft, letterOf } from './use-broadcasts.ts'

const VARIANTS_MAX = 4
const ATTACHMENTS_MAX = 9
const MATERIALS_SHOWN = 100
const SENDABLE = ['image', 'video', 'file', 'pdf', 'link', 'article', 'product', 'mini_program'] as const

interface Props {
  draft: Draft
  onChange: (draft: Draft) => void
  shown: number
  onShow: (variant: number) => void
}

/** What is said, in one wording or several to be compared. */
export function SayFields({ draft, onChange, shown, onShow }: Props) {
  const { t } = useTranslation()
  const { variants } = draft
  const set = (nr: number, given: Partial<Draft['variants'][number]>) =>
    onChange({ ...draft, variants: variants.map((one, at) => (at === nr ? { ...one, ...given } : one)) })
  const named = variants.some(({ text = '' }) => /\{客户(称呼|昵称)\}/.test(text))
  return (
    <Panel title={t('broadcasts.step.what')} sub={variants.length > 1 ? t('broadcasts.severalWhy') : undefined}>
      <div className={styles.variants}>
        {variants.map((variant, nr) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: variants are told apart by their letter alone
          <div key={nr}>
            {variants.length > 1 && (
              <div className={styles.variantHead}>
                <span className={styles.letter}>{letterOf(nr)}</span>
                <span className="soft">{t('broadcasts.weight')}</span>
                <InputNumber
                  size="small"
                  min={1}
                  max={100}
                  aria-label={t('broadcasts.weightOf', { letter: letterOf(nr) })}
                  value={variant.weight ?? 1}
                  onChange={(weight) => set(nr, { weight: weight ?? 1 })}
                />
                <span className="spring" />
                <Button
                  size="small"
                  type={shown === nr ? 'primary' : 'default'}
                  ghost={shown === nr}
                  onClick={() => onShow(nr)}
                >
                  {t('broadcasts.show')}
                </Button>
                <Button
                  size="small"
                  type="text"
                  aria-label={t('broadcasts.removeVariant', { letter: letterOf(nr) })}
                  icon={<Icon name="close" size={14} />}
                  onClick={() => {
                    onShow(0)
                    onChange({ ...draft, variants: variants.filter((_, at) => at !== nr) })
                  }}
                />
              </div>
            )}
            <SlotText
              label={t('broadcasts.textOf', { letter: letterOf(nr) })}
              value={variant.text ?? ''}
              onChange={(text) => {
                onShow(nr)
                set(nr, { text })
              }}
            />
            <Materials value={variant.materialIds ?? []} onChange={(materialIds) => set(nr, { materialIds })} />
          </div>
        ))}
      </div>
      {named && <p className="warn small">{t('broadcasts.namedWhy')}</p>}
      <Button
        className={styles.add}
        size="small"
        icon={<Icon name="plus" size={12} />}
        disabled={variants.length >= VARIANTS_MAX}
        onClick={() => onChange({ ...draft, variants: [...variants, { weight: 1, text: '', materialIds: [] }] })}
      >
        {t('broadcasts.addVariant')}
      </Button>
    </Panel>
  )
}

function Materials({ value, onChange }: { value: string[]; onChange: (materialIds: string[]) => void }) {
  const { t } = useTranslation()
  const query = { kinds: SENDABLE.join(','), state: 'live', limit: MATERIALS_SHOWN } as const
  const list = api.useQuery('get', '/api/materials', { params: { query: query as never } }, { staleTime: 30_000 })
  return (
    <div className={styles.field} style={{ marginTop: 8 }}>
      <span>{t('broadcasts.materials')}</span>
      <Select
        mode="multiple"
        showSearch
        maxCount={ATTACHMENTS_MAX}
        optionFilterProp="label"
        aria-label={t('broadcasts.materials')}
        placeholder={t('broadcasts.pickMaterials')}
        value={value}
        options={(list.data?.items ?? []).map(({ materialId, title, kind }) => ({
          value: materialId,
          label: `${title} · ${t(`content.kind.${kind}`)}`,
        }))}
        onChange={onChange}
      />
    </div>
  )
}
