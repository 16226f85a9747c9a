import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from './icon.tsx'

const SAID_MS = 2_000

export function CopyButton({
  text,
  label,
  size = 'small',
}: {
  text: string
  label?: string
  size?: 'small' | 'medium'
}) {
  const { t } = useTranslation()
  const [done, setDone] = useState<'copied' | 'refused'>()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setDone('copied')
    } catch {
      setDone('refused') // not a secure page, or the browser says no: the text stays selectable beside the button
    }
    setTimeout(() => setDone(undefined), SAID_MS)
  }
  return (
    <Button
      size={size}
      icon={<Icon name={done === 'copied' ? 'check' : 'copy'} size={14} />}
      onClick={() => void copy()}
    >
      <span aria-live="polite">
        {done === 'copied'
          ? t('actions.copied')
          : done === 'refused'
            ? t('actions.copyByHand')
            : (label ?? t('actions.copy'))}
      </span>
    </Button>
  )
}
