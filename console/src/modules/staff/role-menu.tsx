import { Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Icon } from '../../ui/icon.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import styles from './staff.module.css'

const ROLES = ['admin', 'operator', 'manager', 'staff', 'compliance'] as const

/** A member's role, to press and change; it holds from his next request on. */
export function RoleMenu({ row }: { row: Answer<'/api/staff'>['items'][number] }) {
  const { t } = useTranslation()
  const onError = useProblemToast()
  const set = api.useMutation('put', '/api/staff/{staffId}/role', {
    onError,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/staff'] }),
  })
  const word = row.role ? t(`account.role.${row.role}`) : t('staff.noRole')
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectedKeys: row.role ? [row.role] : [],
        items: ROLES.map((role) => ({
          key: role,
          label: (
            <span className={styles.role}>
              {t(`account.role.${role}`)}
              <small>{t(`staff.roleWhat.${role}`)}</small>
            </span>
          ),
          onClick: () => set.mutate({ params: { path: { staffId: row.staffId } }, body: { role } }),
        })),
      }}
    >
      <button
        type="button"
        className={styles.roleButton}
        disabled={set.isPending}
        aria-label={t('staff.roleOf', { name: row.name, role: word })}
      >
        <span className={row.role ? undefined : 'quiet'}>{word}</span>
        <Icon name="down" size={12} />
      </button>
    </Dropdown>
  )
}
