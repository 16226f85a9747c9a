import { App, Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { languageOf } from '../../ui/time-words.ts'
import type { JourneyStateName } from './contract.ts'

interface Props {
  name: string
  state: JourneyStateName
  underWay: number
  onPause: () => Promise<unknown>
  onResume: () => Promise<unknown>
  onEnd: () => Promise<unknown>
}

/** Pause, resume, end: each asked with whom it meets, said in numbers. */
export function LifeMenu({ name, state, underWay, onPause, onResume, onEnd }: Props) {
  const { t, i18n } = useTranslation()
  const { modal } = App.useApp()
  const n = sayCount(underWay, languageOf(i18n))
  const ask = (deed: 'pause' | 'resume' | 'end', run: () => Promise<unknown>) =>
    modal.confirm({
      title: t(`journeys.life.${deed}Title`, { name }),
      content: t(`journeys.life.${deed}Why`, { n }),
      okText: t(`journeys.life.${deed}`),
      okButtonProps: { danger: deed === 'end' },
      cancelText: t('journeys.publish.back'),
      onOk: run,
    })
  if (state === 'draft' || state === 'ended') return null
  const items = [
    state === 'live'
      ? { key: 'pause', label: t('journeys.life.pause'), onClick: () => void ask('pause', onPause) }
      : { key: 'resume', label: t('journeys.life.resume'), onClick: () => void ask('resume', onResume) },
    { key: 'end', danger: true, label: t('journeys.life.end'), onClick: () => void ask('end', onEnd) },
  ]
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button icon={<Icon name="more" size={16} label={t('journeys.life.more')} />} />
    </Dropdown>
  )
}
