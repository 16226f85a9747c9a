import { Button, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import styles from './touches.module.css'
import { type Cap, CHANNELS, type Policy } from './use-touches.ts'

const CAPS_MAX = 20
const NEW: Cap = { channels: [], topics: [], window: { kind: 'days', days: 7 }, limit: 2 }

interface Props {
  policy: Policy
  mayWrite: boolean
  onChange: (to: Partial<Policy>) => void
}

/** How often one customer may be reached, by all touches together. */
export function CapsPanel({ policy, mayWrite, onChange }: Props) {
  const { t } = useTranslation()
  const set = (index: number, to: Cap) => onChange({ caps: policy.caps.map((cap, i) => (i === index ? to : cap)) })
  return (
    <Panel
      title={t('touches.caps')}
      sub={t('touches.capsWhy')}
      extra={
        mayWrite && (
          <Button
            size="small"
            icon={<Icon name="plus" size={13} />}
            disabled={policy.caps.length >= CAPS_MAX}
            onClick={() => onChange({ caps: [...policy.caps, NEW] })}
          >
            {t('touches.addCap')}
          </Button>
        )
      }
    >
      {policy.caps.length === 0 && <p className="quiet">{t('touches.noCaps')}</p>}
      <ul className={styles.caps}>
        {policy.caps.map((cap, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: caps have no name of their own and are edited in place
          <li key={index}>
            <CapLine cap={cap} policy={policy} mayWrite={mayWrite} onChange={(to) => set(index, to)} />
            {mayWrite && (
              <Button
                type="text"
                size="small"
                aria-label={t('touches.removeCap', { n: index + 1 })}
                icon={<Icon name="close" size={14} />}
                onClick={() => onChange({ caps: policy.caps.filter((_, i) => i !== index) })}
              />
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const KINDS = ['day', 'week', 'month', 'days'] as const
const DAYS_USUAL = 7

function CapLine({
  cap,
  policy,
  mayWrite,
  onChange,
}: {
  cap: Cap
  policy: Policy
  mayWrite: boolean
  onChange: (to: Cap) => void
}) {
  const { t } = useTranslation()
  const topics = policy.topics.filter(({ exempt }) => !exempt).map(({ name }) => ({ value: name, label: name }))
  const kindOf = (kind: (typeof KINDS)[number]): Cap['window'] =>
    kind === 'days' ? { kind, days: DAYS_USUAL } : { kind }
  return (
    <div className={styles.cap}>
      <Select
        aria-label={t('touches.window')}
        className={styles.window}
        disabled={!mayWrite}
        value={cap.window.kind}
        options={KINDS.map((kind) => ({ value: kind, label: t(`touches.windows.${kind}`) }))}
        onChange={(kind) => onChange({ ...cap, window: kindOf(kind) })}
      />
      {cap.window.kind === 'days' && (
        <InputNumber
          aria-label={t('touches.days')}
          className={styles.number}
          disabled={!mayWrite}
          min={2}
          max={60}
          precision={0}
          suffix={t('touches.dayUnit')}
          value={cap.window.days}
          onChange={(days) => days && onChange({ ...cap, window: { kind: 'days', days } })}
        />
      )}
      <span>{t('touches.atMost')}</span>
      <InputNumber
        aria-label={t('touches.limit')}
        className={styles.number}
        disabled={!mayWrite}
        min={1}
        max={60}
        precision={0}
        suffix={t('touches.timeUnit')}
        value={cap.limit}
        onChange={(limit) => limit && onChange({ ...cap, limit })}
      />
      <Select
        mode="multiple"
        aria-label={t('touches.ofChannels')}
        className={styles.many}
        disabled={!mayWrite}
        placeholder={t('touches.allChannels')}
        value={cap.channels}
        options={CHANNELS.map((one) => ({ value: one, label: t(`touches.channel.${one}`) }))}
        onChange={(channels) => onChange({ ...cap, channels })}
      />
      <Select
        mode="multiple"
        aria-label={t('touches.ofTopics')}
        className={styles.many}
        disabled={!mayWrite}
        placeholder={t('touches.allTopics')}
        value={cap.topics}
        options={topics}
        onChange={(chosen) => onChange({ ...cap, topics: chosen })}
      />
    </div>
  )
}
