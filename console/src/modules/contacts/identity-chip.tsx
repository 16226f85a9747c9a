import { useTranslation } from 'react-i18next'
import type { Answer } from '../../api/types.ts'
import styles from './contacts.module.css'

export type Identity = Answer<'/api/contacts/{contactId}'>['identities'][number]

/** What somebody is known by, masked; a dashed line says that nobody has proven it. */
export function IdentityChip({ identity: { kind, shown, trust } }: { identity: Identity }) {
  const { t } = useTranslation()
  const said = t(`identity.trust.${trust as 0 | 1 | 2}`)
  return (
    <span className={`${styles.id} ${trust < 2 ? styles.unproven : ''}`} title={`${shown} · ${said}`}>
      <em>{t(`identity.${kind}`)}</em>
      <span className="mono" style={{ maxWidth: 150 }}>
        {shown}
      </span>
      {trust === 1 && <em>{said}</em>}
    </span>
  )
}
