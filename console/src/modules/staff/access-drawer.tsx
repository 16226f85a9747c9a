import { App, Button, Drawer, Radio, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { NotSaved, SkeletonRows } from '../../ui/states.tsx'
import { MemberSignIns } from './member-sign-ins.tsx'
import { keyOfRole, type RoleView, sayPermission, sayRole } from './role-words.ts'
import styles from './staff.module.css'

type Row = Answer<'/api/staff'>['items'][number]
type ScopeKind = RoleView['scopeKind']
const SCOPES = ['all', 'tree', 'departments', 'own'] as const

/** A member's role and whose customers he sees; both hold from his next request on. */
export function AccessDrawer({ row, onClose }: { row: Row; onClose: () => void }) {
  const { t } = useTranslation()
  const roles = api.useQuery('get', '/api/roles', {})
  return (
    <Drawer open onClose={onClose} size={420} title={t('staff.accessOf', { name: row.name })}>
      <Loaded query={roles} what={t('roles.title')} skeleton={<SkeletonRows rows={6} avatar={false} />}>
        {({ roles: all }) => <AccessForm row={row} roles={all} onClose={onClose} />}
      </Loaded>
      <MemberSignIns staffId={row.staffId} name={row.name} />
    </Drawer>
  )
}

function AccessForm({ row, roles, onClose }: { row: Row; roles: RoleView[]; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [chosen, setChosen] = useState(row.role ? keyOfRole({ role: row.role, roleId: row.roleId }) : 'staff')
  const [scope, setScope] = useState<ScopeKind | 'role'>(row.scopeKind ?? 'role')
  const [departments, setDepartments] = useState(row.scopeDepartments)
  const tree = api.useQuery('get', '/api/departments', {})
  const save = api.useMutation('put', '/api/staff/{staffId}/access', {
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/staff'] })
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/roles'] })
      void message.success(t('staff.accessSaved', { name: row.name }))
      onClose()
    },
  })
  const role = roles.find((it) => keyOfRole(it) === chosen)
  const needsDepartments = scope === 'departments' || scope === 'tree'
  const missing = scope === 'departments' && departments.length === 0
  const submit = () => {
    if (!role || missing) return
    save.mutate({
      params: { path: { staffId: row.staffId } },
      body: {
        role: role.role,
        roleId: role.roleId,
        scopeKind: scope === 'role' ? null : scope,
        scopeDepartments: needsDepartments ? departments : [],
      },
    })
  }
  return (
    <div className={styles.access}>
      <fieldset>
        <legend>{t('staff.column.role')}</legend>
        <Radio.Group vertical value={chosen} onChange={(event) => setChosen(event.target.value)}>
          {roles.map((it) => (
            <Radio key={keyOfRole(it)} value={keyOfRole(it)}>
              <span className={styles.role}>
                {sayRole(t, it.role, it.name)}
                <small>
                  {it.role === 'custom'
                    ? it.permissions.map((word) => sayPermission(t, word)).join('、') || t('roles.nothing')
                    : t(`staff.roleWhat.${it.role}`)}
                </small>
              </span>
            </Radio>
          ))}
        </Radio.Group>
      </fieldset>
      <fieldset>
        <legend>{t('staff.scope')}</legend>
        <Select
          aria-label={t('staff.scope')}
          value={scope}
          options={[
            { value: 'role', label: role ? t('staff.scopeOfRole', { scope: t(`roles.scope.${role.scopeKind}`) }) : '' },
            ...SCOPES.map((value) => ({ value, label: t(`roles.scope.${value}`) })),
          ]}
          onChange={setScope}
        />
        {needsDepartments && (
          <Select
            mode="multiple"
            aria-label={t('staff.department')}
            optionFilterProp="label"
            placeholder={t(scope === 'tree' ? 'staff.ownDepartments' : 'staff.chooseDepartments')}
            status={missing ? 'error' : undefined}
            value={departments}
            options={tree.data?.map(({ departmentId, name }) => ({ value: departmentId, label: name })) ?? []}
            onChange={setDepartments}
          />
        )}
        <p className="small quiet">{t('staff.scopeWhy')}</p>
      </fieldset>
      {save.error ? <NotSaved error={save.error} /> : null}
      <div className={styles.buttons}>
        <Button type="primary" loading={save.isPending} disabled={missing} onClick={submit}>
          {t('channels.form.save')}
        </Button>
        <Button onClick={onClose}>{t('actions.cancel')}</Button>
      </div>
    </div>
  )
}
