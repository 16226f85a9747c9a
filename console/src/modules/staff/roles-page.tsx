import { App, Button, Checkbox, Drawer, Input, Select } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Body } from '../../api/types.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { NotSaved, SkeletonRows } from '../../ui/states.tsx'
import { keyOfRole, type RoleView, sayPermission, sayRole } from './role-words.ts'
import { useCan } from './session.ts'
import { SignInRulesPanel } from './sign-in-rules-panel.tsx'
import styles from './staff.module.css'

const SCOPES = ['all', 'tree', 'own'] as const
type Draft = Required<Body<'/api/roles', 'post'>>
const EMPTY: Draft = { name: '', permissions: ['contacts.read', 'tags.read'], scopeKind: 'own' }

/** Who may do what: a column a role, a row a thing to do. */
export function RolesPage() {
  const { t } = useTranslation()
  const mayWrite = useCan('roles.write')
  const roles = api.useQuery('get', '/api/roles', {})
  const [open, setOpen] = useState<RoleView | 'new'>()
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.settings') }]} title={t('roles.title')} meta={t('roles.meta')}>
        {mayWrite && (
          <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => setOpen('new')}>
            {t('roles.create')}
          </Button>
        )}
      </PageHeader>
      <div className={styles.roles}>
        <Panel edge>
          <Loaded query={roles} what={t('roles.title')} skeleton={<SkeletonRows rows={14} avatar={false} />}>
            {(data) => <Matrix {...data} onOpen={mayWrite ? setOpen : undefined} />}
          </Loaded>
        </Panel>
        <p className="small quiet">{t('roles.why')}</p>
        <SignInRulesPanel mayWrite={mayWrite} />
      </div>
      {open && roles.data && (
        <RoleDrawer
          role={open === 'new' ? undefined : open}
          permissions={roles.data.permissions}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  )
}

function Matrix({
  roles,
  permissions,
  onOpen,
}: {
  roles: RoleView[]
  permissions: string[]
  onOpen: ((role: RoleView) => void) | undefined
}) {
  const { t } = useTranslation()
  return (
    <div style={{ overflowX: 'auto' }}>
      <table className={styles.matrix} aria-label={t('roles.title')}>
        <thead>
          <tr>
            <th scope="col">{t('roles.what')}</th>
            {roles.map((role) => (
              <th key={keyOfRole(role)} scope="col">
                {role.role === 'custom' && onOpen ? (
                  <Button type="link" size="small" onClick={() => onOpen(role)}>
                    {role.name}
                  </Button>
                ) : (
                  sayRole(t, role.role, role.name)
                )}
                <small>{t('roles.members', { count: role.members })}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t('staff.scope')}</th>
            {roles.map((role) => (
              <td key={keyOfRole(role)} className="small">
                {t(`roles.scope.${role.scopeKind}`)}
              </td>
            ))}
          </tr>
          {permissions.map((word) => (
            <tr key={word}>
              <th scope="row">{sayPermission(t, word)}</th>
              {roles.map((role) => (
                <td key={keyOfRole(role)}>
                  {role.permissions.includes(word) ? (
                    <span className={styles.yes}>
                      <Icon name="check" size={15} label={t('roles.may')} />
                    </span>
                  ) : (
                    <span className={styles.no} aria-label={t('roles.mayNot')} role="img">
                      –
                    </span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function RoleDrawer({
  role,
  permissions,
  onClose,
}: {
  role: RoleView | undefined
  permissions: string[]
  onClose: () => void
}) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const onError = useProblemToast()
  const [draft, setDraft] = useState<Draft>(
    role
      ? {
          name: role.name ?? '',
          permissions: role.permissions,
          scopeKind: role.scopeKind === 'departments' ? 'own' : role.scopeKind,
        }
      : EMPTY,
  )
  const put = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  const onSuccess = () => {
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/roles'] })
    onClose()
  }
  const create = api.useMutation('post', '/api/roles', { onSuccess })
  const edit = api.useMutation('put', '/api/roles/{roleId}', { onSuccess })
  const remove = api.useMutation('delete', '/api/roles/{roleId}', { onSuccess, onError })
  const path = { roleId: role?.roleId ?? '' }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const body = { ...draft, name: draft.name.trim() }
    if (role) edit.mutate({ params: { path }, body })
    else create.mutate({ body })
  }
  const error = create.error ?? edit.error
  const ask = () =>
    void modal.confirm({
      title: t('roles.deleteTitle', { name: draft.name }),
      content: t('roles.deleteWhy'),
      icon: null,
      okText: t('roles.delete'),
      cancelText: t('actions.cancel'),
      onOk: () => remove.mutateAsync({ params: { path } }).catch(() => undefined), // the refusal is said by the toast
    })
  return (
    <Drawer open onClose={onClose} size={420} title={t(role ? 'roles.edit' : 'roles.create')}>
      <form className={styles.access} onSubmit={submit}>
        <label htmlFor="role-name">{t('roles.name')}</label>
        <Input
          id="role-name"
          autoFocus
          maxLength={20}
          placeholder={t('roles.namePlaceholder')}
          value={draft.name}
          onChange={(event) => put({ name: event.target.value })}
        />
        <label htmlFor="role-scope">{t('staff.scope')}</label>
        <Select
          id="role-scope"
          value={draft.scopeKind}
          options={SCOPES.map((value) => ({ value, label: t(`roles.scope.${value}`) }))}
          onChange={(scopeKind) => put({ scopeKind })}
        />
        <fieldset>
          <legend>{t('roles.what')}</legend>
          <Checkbox.Group
            className={styles.checks ?? ''}
            value={draft.permissions}
            options={permissions.map((word) => ({ value: word, label: sayPermission(t, word) }))}
            onChange={(next) => put({ permissions: next })}
          />
        </fieldset>
        {error ? <NotSaved error={error} /> : null}
        <div className={styles.buttons}>
          <Button
            type="primary"
            htmlType="submit"
            disabled={draft.name.trim() === ''}
            loading={create.isPending || edit.isPending}
          >
            {t('channels.form.save')}
          </Button>
          <Button onClick={onClose}>{t('actions.cancel')}</Button>
          {role && (
            <Button danger type="text" style={{ marginLeft: 'auto' }} onClick={ask}>
              {t('roles.delete')}
            </Button>
          )}
        </div>
      </form>
    </Drawer>
  )
}
