import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './stages.module.css'

interface Props {
  title: string
  name?: string
  isPending: boolean
  onSave: (name: string) => void
  onClose: () => void
}

export function NameDialog({ title, name = '', isPending, onSave, onClose }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(name)
  return (
    <Modal open title={title} onCancel={onClose} footer={null} width={360}>
      <form
        className={styles.moveForm}
        onSubmit={(event) => {
          event.preventDefault()
          if (typed.trim()) onSave(typed.trim())
        }}
      >
        <Input
          autoFocus
          aria-label={t('stages.name')}
          placeholder={t('stages.name')}
          maxLength={20}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="primary" htmlType="submit" block disabled={!typed.trim()} loading={isPending}>
          {t('stages.save')}
        </Button>
      </form>
    </Modal>
  )
}
