import { useTranslation } from 'react-i18next'
import { Avatar } from '../../ui/avatar.tsx'
import styles from './reports.module.css'

interface Someone {
  name: string
  avatar: string | null
  departments: string[]
  leftAt?: string | null
}

/** A member with where he works, in one line. */
export function Person({ name, avatar, departments, leftAt }: Someone) {
  const { t } = useTranslation()
  return (
    <span className={styles.who}>
      <Avatar name={name} src={avatar} square />
      <span>{name}</span>
      <small>{leftAt ? t('staff.status.left') : departments.join('、')}</small>
    </span>
  )
}
