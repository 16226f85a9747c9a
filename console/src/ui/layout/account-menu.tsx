import { Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { chooseLanguage } from '../../i18n/i18n.ts'
import { sayRole } from '../../modules/staff/role-words.ts'
import { useFreshStart, useSession } from '../../modules/staff/session.ts'
import { Avatar } from '../avatar.tsx'
import { Icon, type IconName } from '../icon.tsx'
import { chooseShade, type ShadeChoice, useShadeChoice } from '../theme/shade.ts'
import styles from './shell.module.css'

const SHADES: { key: ShadeChoice; icon: 'half' | 'sun' | 'moon' }[] = [
  { key: 'system', icon: 'half' },
  { key: 'light', icon: 'sun' },
  { key: 'dark', icon: 'moon' },
]

/** Who is here, in what light and language, and the way out. */
export function AccountMenu({ onGo }: { onGo: (() => void) | undefined }) {
  const navigate = useNavigate()
  const { t, i18n } = useTranslation()
  const { name, role, roleName } = useSession()
  const choice = useShadeChoice()
  const start = useFreshStart()
  const signOut = api.useMutation('delete', '/api/session', { onSettled: start })
  return (
    <Dropdown
      trigger={['click']}
      placement="topLeft"
      menu={{
        selectedKeys: [`shade.${choice}`, `language.${i18n.language}`],
        items: [
          {
            type: 'group',
            key: 'shade',
            label: t('account.shade'),
            children: SHADES.map(({ key, icon }) => ({
              key: `shade.${key}`,
              icon: <MenuIcon name={icon} />,
              label: t(`account.${key}`),
              onClick: () => chooseShade(key),
            })),
          },
          {
            type: 'group',
            key: 'language',
            label: t('account.language'),
            children: (['zh', 'en'] as const).map((language) => ({
              key: `language.${language}`,
              icon: <MenuIcon name="globe" />,
              label: language === 'zh' ? '中文' : 'English',
              onClick: () => void chooseLanguage(language),
            })),
          },
          { type: 'divider' },
          {
            key: 'mine',
            icon: <MenuIcon name="lock" />,
            label: t('account.mine'),
            onClick: () => {
              onGo?.()
              void navigate('/account')
            },
          },
          {
            key: 'out',
            icon: <MenuIcon name="exit" />,
            label: t('account.signOut'),
            onClick: () => signOut.mutate({}),
          },
        ],
      }}
    >
      <button type="button" className={styles.me} title={t('account.menu')}>
        <Avatar name={name} size={28} square />
        <span className={`${styles.who} ${styles.words}`}>
          <b>{name}</b>
          <small>{sayRole(t, role, roleName)}</small>
        </span>
      </button>
    </Dropdown>
  )
}

/** antd gives a menu's icon its margin by a class on the element it is handed. */
function MenuIcon({ name, className }: { name: IconName; className?: string }) {
  return (
    <span className={className} style={{ display: 'inline-flex', color: 'var(--s-ink-3)' }}>
      <Icon name={name} size={15} />
    </span>
  )
}
